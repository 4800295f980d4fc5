using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Clients;

namespace CfLogStream.Core.Tests.Traffic.Clients;

/// <summary>Measures class and name against user agents as they are met in the wild; the floors are what was measured.</summary>
public sealed class UserAgentCorpusTests
{
    [Fact]
    public void Classify_SeenUserAgents_AllAsExpected() => AssertAccuracy("seen-user-agents.tsv", minimumRows: 220, floor: 1.0);

    [Fact]
    public void Classify_UnseenUserAgents_MeetsFloor() => AssertAccuracy("unseen-user-agents.tsv", minimumRows: 120, floor: 0.83);

    private static void AssertAccuracy(string file, int minimumRows, double floor)
    {
        var classifier = new ClientClassifier(new UserAgentMatcher(ClientTables.BuiltIn));
        var wrong = new List<string>();
        int rows = 0;
        foreach ((string expected, string userAgent) in Read(file))
        {
            rows++;
            byte[] agent = Encoding.UTF8.GetBytes(userAgent);
            var signals = new ClientSignals(new LogRecord())
            {
                HasUserAgent = true,
                AgentRoom = WideText.Copy(agent, new byte[WideText.Width]),
                AgentLength = agent.Length,
                Method = RequestMethod.Post,
            };
            classifier.Classify(in signals, out ClientVerdict verdict);
            string actual = Encoding.UTF8.GetString(ClientClasses.Name(verdict.Class)) + "/" + Encoding.UTF8.GetString(verdict.Name);
            if (actual != expected)
            {
                wrong.Add($"{actual} instead of {expected}: {userAgent}");
            }
        }

        Assert.True(rows >= minimumRows, $"{rows} rows");
        double accuracy = 1.0 - ((double)wrong.Count / rows);
        Assert.True(accuracy >= floor, $"{accuracy:P1} of {rows} in {file}:\n{string.Join('\n', wrong)}");
    }

    private static IEnumerable<(string Expected, string UserAgent)> Read(string file)
    {
        using Stream stream = typeof(UserAgentCorpusTests).Assembly
            .GetManifestResourceStream(typeof(UserAgentCorpusTests).Namespace + "." + file)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                string[] cells = line.Split('\t');
                yield return (cells[0] + "/" + cells[1], cells[2]);
            }
        }
    }
}
