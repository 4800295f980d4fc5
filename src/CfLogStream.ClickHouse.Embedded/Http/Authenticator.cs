using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// Tells who sends a request: headers X-ClickHouse-User and -Key, else Basic authorization, else the URL parameters user and password,
/// else the user <c>default</c>. Passwords are compared in constant time, by their hashes.
/// </summary>
internal sealed class Authenticator
{
    private readonly Dictionary<string, (EmbeddedUser User, byte[] Hash)> _users;

    public Authenticator(IReadOnlyList<EmbeddedUser> users) => _users = users.ToDictionary(
        static user => user.Name, static user => (user, Hash(user.Password)), StringComparer.Ordinal);

    /// <summary>Returns the user of a request.</summary>
    /// <exception cref="EngineException">User or password is wrong; the message does not say which.</exception>
    public EmbeddedUser Authenticate(HttpRequest request)
    {
        (string name, string password) = CredentialsOf(request);
        bool known = _users.TryGetValue(name, out (EmbeddedUser User, byte[] Hash) entry);
        bool right = CryptographicOperations.FixedTimeEquals(Hash(password), known ? entry.Hash : Hash("\0"));
        return known && right
            ? entry.User
            : throw new EngineException(
                EngineErrorCode.AuthenticationFailed, "AUTHENTICATION_FAILED",
                $"{name}: Authentication failed: password is incorrect, or there is no user with such name");
    }

    private static (string Name, string Password) CredentialsOf(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        if (headers.TryGetValue("X-ClickHouse-User", out var user) || headers.ContainsKey("X-ClickHouse-Key"))
        {
            headers.TryGetValue("X-ClickHouse-Key", out var key);
            return (user.Count > 0 ? user[^1] ?? "" : "default", key.Count > 0 ? key[^1] ?? "" : "");
        }

        if (TryReadBasic(headers.Authorization.ToString(), out (string, string)? basic))
        {
            return basic.Value;
        }

        request.Query.TryGetValue("user", out var name);
        request.Query.TryGetValue("password", out var password);
        return (name.Count > 0 ? name[^1] ?? "" : "default", password.Count > 0 ? password[^1] ?? "" : "");
    }

    private static bool TryReadBasic(string header, [NotNullWhen(true)] out (string Name, string Password)? credentials)
    {
        credentials = null;
        const string Scheme = "Basic ";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        credentials = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return true;
    }

    private static byte[] Hash(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));
}
