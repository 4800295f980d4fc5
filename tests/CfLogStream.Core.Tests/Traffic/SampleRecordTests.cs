using System.IO.Compression;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic;

/// <summary>Classifies real and published records, and records of any values: nothing throws, every slot can be read.</summary>
public sealed class SampleRecordTests
{
    [Fact]
    public void Classify_SampleFiles_EveryRecordIsClassified()
    {
        string? folder = SampleFolder();
        Assert.SkipWhen(folder is null, "The sample records are not beside the checkout and CFLOGSTREAM_SAMPLES does not name them.");
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        var classifier = new TrafficClassifier(new ClassificationSettings());
        var clients = new Dictionary<string, int>();
        foreach (string file in Directory.EnumerateFiles(folder, "*requests*").Concat(Directory.EnumerateFiles(folder, "*firewall*")))
        {
            using Stream raw = File.OpenRead(file);
            using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var text = new StreamReader(stream);
            while (text.ReadLine() is { } line)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(line);
                if (reader.Read(bytes, 0, bytes.Length, record, out _) == ReadStatus.Record
                    && record.Dataset is Dataset.HttpRequests or Dataset.FirewallEvents)
                {
                    var batch = new TrafficBatch();
                    classifier.Classify(record, batch);
                    ReadAll(batch);
                    string client =
                        Encoding.UTF8.GetString(batch[0][RecordText.ClientClass]) + "/" + Encoding.UTF8.GetString(batch[0][RecordText.ClientName]);
                    clients[client] = clients.GetValueOrDefault(client) + 1;
                }
            }
        }

        Assert.True(clients["load_test/k6"] > 3000, string.Join(' ', clients));
        Assert.True(clients["cf_internal/early_hints_cache"] > 0, string.Join(' ', clients));
    }

    [Fact]
    public void Classify_AnyValues_NeverThrows()
    {
        string[] values =
        [
            "\"\"", "0", "-1", "99999999999999999999", "1e300", "true", "null", "[]", "{}", "[null]", "[[]]", "\"00\"", "\"\\ud800\"", "\"%\"", "\":\"",
            "[\"block\"]", "[\"block\",\"\",\"x\"]", "{\"a\":{\"b\":[1]}}", "\"https://\"", "\"?\"", "\"/\"", "\"\\u0000\"", "\"eyeball\"", "\"[::1\"", "\"::ffff:\"",
        ];
        LogField[] fields = [.. Enum.GetValues<LogField>().Where(field => field < LogField.When && field is not LogField.RayID)];
        var tables = new ClassificationTables(new ClassificationSettings { SampleOneOf = 1 });
        Gen.Int[0, values.Length - 1].Array[fields.Length].Select(Gen.Bool).Sample((choice, isEvent) =>
        {
            string time = isEvent ? "Datetime" : "EdgeStartTimestamp";
            string body = string.Join(',', fields
                .Where(field => field is not (LogField.Datetime or LogField.EdgeStartTimestamp))
                .Select((field, i) => $"\"{field}\":{values[choice[i]]}"));
            byte[] line = Encoding.UTF8.GetBytes($"{{\"RayID\":\"8dea4d930b427528\",\"{time}\":\"2026-08-13T10:00:00Z\",{body}}}");
            var reader = new RecordReader(new ReaderOptions());
            LogRecord record = reader.CreateRecord();
            if (reader.Read(line, 0, line.Length, record, out _) == ReadStatus.Record)
            {
                var batch = new TrafficBatch();
                new TrafficClassifier(tables).Classify(record, batch);
                ReadAll(batch);
            }
        }, iter: 300);
    }

    private static void ReadAll(TrafficBatch batch)
    {
        int total = 0;
        TrafficRecord record = batch[0];
        for (RecordText text = 0; text < RecordText.Count; text++)
        {
            total += record[text].Length;
        }

        for (int i = 0; i < record.Head.EntryCount; i++)
        {
            total += record.Entry(i).Description.Length;
        }

        for (int i = 0; i < record.Head.ExtraCount; i++)
        {
            total += record.ExtraName(i).Length + record.ExtraValue(i).Length;
        }

        Assert.True(total > 0);
    }

    private static string? SampleFolder()
    {
        string? named = Environment.GetEnvironmentVariable("CFLOGSTREAM_SAMPLES");
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); named is null && at is not null; at = at.Parent)
        {
            string beside = Path.Combine(at.Parent?.FullName ?? "", "shared", "samples");
            named = File.Exists(Path.Combine(at.FullName, "CfLogStream.sln")) && Directory.Exists(beside) ? beside : null;
        }

        return Directory.Exists(named) ? named : null;
    }
}
