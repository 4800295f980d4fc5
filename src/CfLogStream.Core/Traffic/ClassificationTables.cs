using CfLogStream.Core.Traffic.Clients;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>What is compiled from the classification settings: immutable, shared by the classifiers of all threads.</summary>
public sealed class ClassificationTables
{
    private static readonly Lazy<UserAgentMatcher> s_builtInClients = new(() => new UserAgentMatcher(ClientTables.BuiltIn));

    /// <summary>Compiles settings.</summary>
    /// <exception cref="ArgumentException">A client token, template or surface of the settings cannot be used; the message names all
    /// of them.</exception>
    public ClassificationTables(ClassificationSettings settings)
    {
        Settings = settings;
        Clients = settings.Clients.Count == 0 ? s_builtInClients.Value : new UserAgentMatcher(ClientTables.With(settings.Clients));
        var errors = new List<string>();
        Endpoints = EndpointClassifier.Compile(settings, errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(settings));
        }
    }

    /// <summary>The settings behind the tables.</summary>
    public ClassificationSettings Settings { get; }

    internal UserAgentMatcher Clients { get; }

    internal EndpointClassifier Endpoints { get; }
}
