using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Analysis;

/// <summary>Completes the classification settings with what stands elsewhere in the configuration: extra fields and API descriptions.</summary>
public static class ClassificationLoader
{
    /// <summary>Returns the settings that classifiers are made with.</summary>
    public static ClassificationSettings Load(CfLogStreamOptions options) => options.Classification with
    {
        ExtraFields = options.Reader.ExtraFields,
    };
}
