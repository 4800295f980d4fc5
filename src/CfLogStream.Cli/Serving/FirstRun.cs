using CfLogStream.Cli.Terminal;

namespace CfLogStream.Cli.Serving;

/// <summary>What a service on one machine says the first time it runs in a folder.</summary>
internal static class FirstRun
{
    /// <summary>Returns the text.</summary>
    /// <param name="receiver">Where uploads are taken.</param>
    /// <param name="clickhouse">Where ClickHouse answers.</param>
    /// <param name="folder">The data folder.</param>
    public static string Text(Uri receiver, Uri clickhouse, string folder) =>
        $"""

        CfLogStream takes Logpush uploads on {receiver} and keeps all data in {TerminalText.Escape(folder)}.

        Try it with a made-up incident:
          cflogstream generate --scenario custom-rule-hits-api --out uploads
          find uploads -name '*.gz' | sort | xargs -I FILE curl -sS --data-binary @FILE {receiver}
        Ask what is wrong and what to change, what happened to one request, or anything else:
          cflogstream diagnose --clickhouse {clickhouse}
          cflogstream ray RAYID --clickhouse {clickhouse}
          curl -sS '{clickhouse}' --data 'SELECT host, sum(requests), sum(lost) FROM cflogstream.requests_1m FINAL GROUP BY host'

        Cloudflare needs HTTPS and should need a token. Put this behind your proxy, or give receiver.certificate_file and
        receiver.key_file; name a token in receiver.tokens. This prints the calls that make the Logpush jobs:
          cflogstream logpush-job --zone example.com --to https://logs.example.com/
        And this says what is missing in what arrives, and what that costs:
          cflogstream doctor
        Every setting is described by: cflogstream docs configuration

        """;
}
