namespace CfLogStream.Server.Configuration;

/// <summary>Reads a configuration file and everything it refers to that is needed to use it.</summary>
public static class ConfigurationLoader
{
    /// <summary>Returns the configuration in the file, or throws <see cref="ConfigurationException"/> with all its problems.</summary>
    /// <param name="path">The file; paths inside it are relative to its folder.</param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    public static CfLogStreamOptions Load(string path, Func<string, string?> environment) => Read(path, environment).Options;

    /// <summary>As <see cref="Load"/>, with the places of the keys for further checks.</summary>
    public static LoadedConfiguration Read(string path, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(environment);
        var problems = new ProblemList(path);
        byte[] bytes = ReadFile(path, problems);
        problems.ThrowIfAny();
        return Read(path, bytes, environment, problems);
    }

    /// <summary>Reads a configuration from memory as if it stood in the file.</summary>
    internal static CfLogStreamOptions Parse(string path, ReadOnlySpan<byte> bytes, Func<string, string?> environment) =>
        Read(path, bytes, environment, new ProblemList(path)).Options;

    private static LoadedConfiguration Read(
        string path,
        ReadOnlySpan<byte> bytes,
        Func<string, string?> environment,
        ProblemList problems)
    {
        ConfigurationNode? root = YamlText.Read(bytes, problems);
        problems.ThrowIfAny();
        var binder = new ConfigurationBinder(problems);
        CfLogStreamOptions options = binder.Bind<CfLogStreamOptions>(root);
        new ConfigurationChecks(options, binder, problems).Run();
        options = Resolve(options, path, environment, binder, problems);
        problems.ThrowIfAny();
        return new LoadedConfiguration(path, options, binder);
    }

    internal static byte[] ReadFile(string path, ProblemList problems)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

            // One byte more than allowed shows that there is more, also for a pipe that knows no length.
            byte[] bytes = new byte[YamlText.MaxBytes + 1];
            int used = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes[..used];
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add("There is no such file.");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            problems.Add("This is a folder; expected a configuration file.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            problems.Add($"The file cannot be read: {problem.Message}");
        }

        return [];
    }

    /// <summary>Follows references: paths become absolute, the password is fetched, derived settings are filled in.</summary>
    private static CfLogStreamOptions Resolve(
        CfLogStreamOptions options,
        string path,
        Func<string, string?> environment,
        ConfigurationBinder binder,
        ProblemList problems)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(".");
        string[] openapiFiles = [.. options.OpenapiFiles.Select(file => Path.GetFullPath(file, folder))];
        for (int i = 0; i < openapiFiles.Length; i++)
        {
            if (!File.Exists(openapiFiles[i]))
            {
                string key = $"openapi_files[{i}]";
                problems.Add(binder.PositionOf(key), key, $"{key} is '{options.OpenapiFiles[i]}'; there is no file '{openapiFiles[i]}'.");
            }
        }

        var secrets = new SecretReferences(folder, environment, binder, problems);
        ClickHouseSection clickhouse = options.Clickhouse;
        KafkaSection kafka = options.Kafka;
        return options with
        {
            OpenapiFiles = openapiFiles,
            Clickhouse = clickhouse with
            {
                Password = secrets.Read("clickhouse.password", clickhouse.PasswordEnv, clickhouse.PasswordFile),
                PasswordFile = secrets.PathOf(clickhouse.PasswordFile),
            },
            Kafka = kafka with
            {
                Password = secrets.Read("kafka.password", kafka.PasswordEnv, kafka.PasswordFile),
                PasswordFile = secrets.PathOf(kafka.PasswordFile),
                OauthSecret = secrets.Read("kafka.oauth_secret", kafka.OauthSecretEnv, kafka.OauthSecretFile),
                OauthSecretFile = secrets.PathOf(kafka.OauthSecretFile),
                KeyPassword = secrets.Read("kafka.key_password", kafka.KeyPasswordEnv, kafka.KeyPasswordFile),
                KeyPasswordFile = secrets.PathOf(kafka.KeyPasswordFile),
                CaFile = secrets.PathOfExisting("kafka.ca_file", kafka.CaFile),
                CertificateFile = secrets.PathOfExisting("kafka.certificate_file", kafka.CertificateFile),
                KeyFile = secrets.PathOfExisting("kafka.key_file", kafka.KeyFile),
            },
            Receiver = options.Receiver with
            {
                Tokens =
                [
                    .. options.Receiver.Tokens.Select((token, i) => token with
                    {
                        Token = secrets.Read($"receiver.tokens[{i}].token", token.TokenEnv, token.TokenFile),
                        TokenFile = secrets.PathOf(token.TokenFile),
                    }),
                ],
                CertificateFile = secrets.PathOfExisting("receiver.certificate_file", options.Receiver.CertificateFile),
                KeyFile = secrets.PathOfExisting("receiver.key_file", options.Receiver.KeyFile),
            },
            Buckets =
            [
                .. options.Buckets.Select((bucket, i) => bucket with
                {
                    AccessKey = secrets.Read($"buckets[{i}].access_key", bucket.AccessKeyEnv, bucket.AccessKeyFile),
                    AccessKeyFile = secrets.PathOf(bucket.AccessKeyFile),
                    SecretKey = secrets.Read($"buckets[{i}].secret_key", bucket.SecretKeyEnv, bucket.SecretKeyFile),
                    SecretKeyFile = secrets.PathOf(bucket.SecretKeyFile),
                }),
            ],
            Insight = options.Insight with { OwnersFile = secrets.PathOfExisting("insight.owners_file", options.Insight.OwnersFile) },
            Folders = [.. options.Folders.Select(folder => folder with { Path = secrets.PathOf(folder.Path) })],
            Classification = options.Classification with
            {
                ExtraFields = options.Reader.ExtraFields,
                SampleOneOf = options.Correlation.SampleOneOf,
            },
        };
    }
}
