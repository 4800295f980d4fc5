namespace CfLogStream.Core.Insight.Symptoms;

/// <summary>The rows of <see cref="SymptomCatalog"/>.</summary>
internal static class SymptomTable
{
    private static readonly string[] s_access = ["ip", "iprange", "asn"];

    private static readonly string[] s_seeRay = ["cflogstream ray RAYID shows which control answered; the RayID is on the page and in the cf-ray header."];

    public static IReadOnlyList<Symptom> All { get; } =
    [
        new()
        {
            Id = "1006",
            Title = "Error 1006, 1007 or 1008: access denied, the address is banned",
            Spellings = ["1006", "1007", "1008", "your ip address has been banned", "ip address has been banned", "ip banned"],
            Meaning = "An IP Access rule of the zone or account blocks the client's address, range or network.",
            Controls = s_access,
            Confirm =
            [
                "The rows have the control ip, iprange or asn; the action is block and the edge answers 403.",
                "Every host of the zone is affected for this client, whatever the path.",
            ],
            Next =
            [
                "Delete or narrow the IP Access rule, or move it to a custom rule that leaves the API calls out.",
                "A skip rule does not help: IP Access rules cannot be skipped.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "1009",
            Title = "Error 1009: the country or region is banned",
            Spellings = ["1009", "country or region banned", "country banned", "banned the country or region your ip address is in", "geo block"],
            Meaning = "An IP Access rule on the client's country blocks it. Countries blocked by a custom rule show up as 1020 or a plain 403 instead.",
            Controls = ["country"],
            Confirm = ["The rows have the control country; all clients of that country are affected, cloud and CI runners among them."],
            Next =
            [
                "Move the block to a custom rule on ip.src.country that leaves the API calls of known clients out.",
                "A skip rule does not help; an allow for the client's addresses does, but takes out nearly everything.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "1010",
            Title = "Error 1010: banned by the browser's signature",
            Spellings = ["1010", "browser s signature", "browser signature", "banned your access based on your browser s signature", "browser integrity check"],
            Meaning = "Browser Integrity Check refused the headers, most often a library's default user agent or none. It is no ban of the address and no bot score.",
            Controls = ["bic"],
            Confirm =
            [
                "The rows have the control bic; the body is often only 'error code: 1010'.",
                "Stopped and passed calls of the same endpoint differ in the user agent, not in address or country.",
            ],
            Next =
            [
                "Skip the product bic for these calls by a custom rule, or turn it off for them by a configuration rule.",
                "Or let the client send a user agent of its own.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "1012",
            Title = "Error 1012: access denied because of malicious activity",
            Spellings = ["1012", "malicious activity detected from your computer or network", "malicious activity"],
            Meaning = "The owner forbids the client because of activity seen from its address: Security Level, or an IP Access rule made for it.",
            Controls = ["securitylevel", "ip", "iprange", "asn"],
            Confirm = ["The rows have the control securitylevel or an IP Access control. Shared addresses are hit by what others do from them."],
            Next =
            [
                "Skip the product securityLevel for these calls; for an IP Access rule, change the rule.",
                "An event with action drop is a check made before allow lists: nothing exempts from it.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "1015",
            Title = "Error 1015: you are being rate limited",
            Spellings = ["1015", "you are being rate limited", "you have been rate limited"],
            Meaning = "A rate limiting rule of the zone acted. The limit counts per client and data center, so that one region can fail while others work.",
            Controls = ["ratelimit"],
            Confirm =
            [
                "The rows have the control ratelimit; the status is 429 unless the rule sets another.",
                "Compare the client's calls per minute with the limit: bursts, many users behind one address, retries after the first 429.",
            ],
            Next =
            [
                "Leave known clients out of the rule's expression, raise the limit above their bursts, or count by API key instead of address.",
                "Let the client wait after a 429 instead of calling again.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "1020",
            Title = "Error 1020: access denied by a rule",
            Spellings = ["1020", "access denied 1020", "this website is using a security service to protect itself from online attacks"],
            Meaning = "A rule of the zone blocked the call: a custom rule, a firewall rule of the previous version, or a managed rule.",
            Controls = ["firewallcustom", "firewallrules", "firewallmanaged", "waf"],
            Confirm =
            [
                "The rows have the control firewallcustom, firewallrules, firewallmanaged or waf, and name the rule.",
                "Compare stopped and passed calls of the same endpoint: the one field that separates them is what the rule looks at.",
            ],
            Next =
            [
                "For a custom rule, narrow its expression; for a managed rule, add an exception for this one rule before the rule that executes its ruleset.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "1106",
            Title = "Error 1106: access denied, the address may not enter",
            Spellings = ["1106", "zone lockdown"],
            Meaning = "The client's address is not on the list of a Zone Lockdown rule for this URL, or an IP Access rule bans it.",
            Controls = ["zonelockdown", "ip", "iprange", "asn"],
            Confirm = ["The rows have the control zonelockdown; only the URLs of the rule are affected, and all addresses that it does not list."],
            Next =
            [
                "Add the client's addresses to the lockdown rule, or skip the product zoneLockdown for these calls.",
                "Skipping phases does not help: Zone Lockdown is no phase.",
            ],
            Rows = new(),
        },
        new()
        {
            Id = "challenge",
            Title = "A challenge page: \"Just a moment...\"",
            Spellings =
            [
                "just a moment", "checking your browser", "checking if the site connection is secure", "enable javascript and cookies to continue",
                "verify you are human", "verifying you are human", "performing security verification", "attention required cloudflare",
                "needs to review the security of your connection", "challenge page", "captcha",
            ],
            Meaning = "A control issued a challenge, which only a browser can solve: for any other client it is a block. A low rate of solved challenges proves nothing about API clients.",
            Confirm =
            [
                "The action is managedchallenge, jschallenge or challenge, and the answer is HTML with status 403 (503 in older set-ups).",
                "The control says who issued it: a custom rule, a bot product, Security Level or Under Attack mode, a rate limit.",
            ],
            Next =
            [
                "Leave the API calls out of the control that challenges: cflogstream diagnose names the narrowest change.",
                "Bot Fight Mode cannot be skipped by a rule; Super Bot Fight Mode and Bot Management can.",
            ],
            Rows = new() { ChallengesOnly = true },
        },
        new()
        {
            Id = "cf-mitigated",
            Title = "The header cf-mitigated: challenge",
            Spellings = ["cf mitigated challenge", "cf mitigated"],
            Meaning = "The answer is a challenge page: Cloudflare sets this header on every one of them, so that clients need not read the body.",
            Confirm = ["As for a challenge page: the action is a challenge that was not solved.", .. s_seeRay],
            Next = ["As for a challenge page. A client can test for this header and report it instead of failing to parse HTML."],
            Rows = new() { ChallengesOnly = true },
        },
        new()
        {
            Id = "html",
            Title = "HTML where JSON was expected",
            Spellings =
            [
                "unexpected token", "unexpected token in json at position 0", "json parse", "json parse error", "is not valid json", "html instead of json",
                "html where json was expected", "got html expected json", "doctype html", "invalid character looking for beginning of value",
                "expecting value line 1 column 1", "jsondecodeerror",
            ],
            Meaning = "The edge answered with a page of its own: a challenge, a block page or an error page. The API never saw the call, or could not be reached.",
            Confirm =
            [
                "On an API endpoint the content type is text/html and there is no origin status.",
                "With a control in the row it was stopped; without one it is an error page of the edge (5xx), or a page of the origin itself.",
            ],
            Next = ["Look at the control in the rows. Let the client check status and content type before it parses."],
            Rows = new() { HtmlOnApis = true, ChallengesOnly = false, Stops = false },
        },
        new()
        {
            Id = "preflight",
            Title = "A CORS error, or 403 on OPTIONS",
            Spellings =
            [
                "cors", "cors error", "cors preflight", "preflight", "preflight request", "blocked by cors policy", "no access control allow origin header",
                "access control allow origin", "response to preflight request doesn t pass access control check", "403 on options", "options 403",
                "options",
            ],
            Meaning = "The browser's preflight was stopped or challenged, so that the real call was never made. The edge's answer has no CORS headers, which is what the browser complains about.",
            Confirm =
            [
                "The method is OPTIONS and a control acted. The real calls are missing, not failing: their number falls.",
                "If preflights pass and the origin answers them, it is the origin's CORS configuration.",
            ],
            Next =
            [
                "Leave preflights out: method OPTIONS with the header access-control-request-method, bound to host and path. They carry no body and no credentials.",
            ],
            Rows = new() { PreflightsOnly = true, Statuses = [401, 403, 405, 429, 503] },
        },
        new()
        {
            Id = "429",
            Title = "429 Too Many Requests",
            Spellings = ["429", "too many requests", "http 429", "status 429", "rate limit exceeded", "rate limited"],
            Meaning = "Either a rate limiting rule of the zone acted, or the origin limits by itself and Cloudflare passed its answer on.",
            Controls = ["ratelimit"],
            Confirm =
            [
                "Answered by the edge with the control ratelimit: a rule of the zone. Answered by the origin: the API's own limit; nothing at Cloudflare changes it.",
                "The edge counts per client and data center.",
            ],
            Next = ["As for error 1015. For a limit of the origin, talk to its owner."],
            Rows = new() { Statuses = [429] },
        },
        new()
        {
            Id = "403",
            Title = "403 Forbidden without a code",
            Spellings = ["403", "forbidden", "403 forbidden", "http 403", "status 403", "sorry you have been blocked", "you have been blocked", "access denied"],
            Meaning = "Any control can be behind it, or the origin itself. 'Sorry, you have been blocked' is the page of a rule.",
            Confirm =
            [
                "Answered by the origin (an origin status): authentication or authorisation of the API, not Cloudflare.",
                "Answered by the edge: the control and rule in the row. With no control at all, the request failed before the rules, for instance by a mismatch of SNI and host; such requests are in no security event.",
            ],
            Next = [.. s_seeRay, "cflogstream diagnose says which rule stops which clients and what to change."],
            Rows = new() { Statuses = [403] },
        },
        new()
        {
            Id = "503",
            Title = "503 with a challenge or an error page",
            Spellings = ["503", "http 503", "status 503", "503 challenge", "service unavailable", "503 service unavailable", "service temporarily unavailable"],
            Meaning = "Older challenges (JavaScript challenge, Under Attack mode) come with status 503. Without a control it is the origin, or the edge could not reach it.",
            Confirm =
            [
                "A challenge in the row: a control. No control and an origin status: the origin is overloaded. No control and no origin status: an error of the edge.",
            ],
            Next = ["With a challenge, as for a challenge page. Otherwise look at the origin before any rule is changed."],
            Rows = new() { Statuses = [503], ChallengesOnly = true },
        },
    ];
}
