using CfLogStream.Kafka.Client;

namespace CfLogStream.Server.Configuration;

/// <summary>Checks what single keys of the Kafka, ingest and process sections cannot.</summary>
internal sealed class KafkaChecks(CfLogStreamOptions options, ConfigurationBinder binder, ProblemList problems)
{
    private readonly KafkaSection _kafka = options.Kafka;

    /// <summary>Adds every problem that is found.</summary>
    public void Run()
    {
        AtMostOne("kafka.password", _kafka.PasswordEnv, _kafka.PasswordFile);
        AtMostOne("kafka.oauth_secret", _kafka.OauthSecretEnv, _kafka.OauthSecretFile);
        AtMostOne("kafka.key_password", _kafka.KeyPasswordEnv, _kafka.KeyPasswordFile);
        Sasl();
        Certificate();
        Topics();
        for (int i = 0; i < _kafka.Properties.Count; i++)
        {
            string key = $"kafka.properties[{i}]";
            if (binder.IsSound(key) && KafkaProperties.Refusal(NameOf(_kafka.Properties[i])) is { } refusal)
            {
                Add(key, $"{key} sets '{NameOf(_kafka.Properties[i])}', {refusal}");
            }
        }
    }

    private static string NameOf(string property)
    {
        int end = property.IndexOf('=', StringComparison.Ordinal);
        return end < 0 ? property : property[..end];
    }

    private void Sasl()
    {
        bool sasl = _kafka.SecurityProtocol.StartsWith("sasl", StringComparison.Ordinal);
        bool oauth = _kafka.SaslMechanism == "oauthbearer";
        if (!sasl && (_kafka.Username.Length > 0 || _kafka.OauthClientId.Length > 0))
        {
            string key = _kafka.Username.Length > 0 ? "kafka.username" : "kafka.oauth_client_id";
            Add(key, $"{key} is given, but kafka.security_protocol ('{_kafka.SecurityProtocol}') asks nobody who they are; expected 'sasl_ssl' "
                + "or 'sasl_plaintext'.");
        }
        else if (sasl && !oauth && (_kafka.Username.Length == 0 || (_kafka.PasswordEnv.Length == 0 && _kafka.PasswordFile.Length == 0)))
        {
            Add(
                "kafka.sasl_mechanism",
                $"kafka.sasl_mechanism ('{_kafka.SaslMechanism}') needs kafka.username, and kafka.password_env or kafka.password_file.");
        }
        else if (sasl && oauth && (_kafka.OauthTokenUrl.Length == 0 || _kafka.OauthClientId.Length == 0
            || (_kafka.OauthSecretEnv.Length == 0 && _kafka.OauthSecretFile.Length == 0)))
        {
            Add(
                "kafka.sasl_mechanism",
                "kafka.sasl_mechanism ('oauthbearer') needs kafka.oauth_token_url, kafka.oauth_client_id, and kafka.oauth_secret_env or "
                + "kafka.oauth_secret_file.");
        }
    }

    private void Certificate()
    {
        if ((_kafka.CertificateFile.Length == 0) != (_kafka.KeyFile.Length == 0))
        {
            string key = _kafka.CertificateFile.Length > 0 ? "kafka.certificate_file" : "kafka.key_file";
            Add(key, $"{key} is given alone; expected kafka.certificate_file and kafka.key_file together.");
        }
    }

    private void Topics()
    {
        IngestSection ingest = options.Ingest;
        if (ingest.Topics.Count > 0 && _kafka.BootstrapServers.Length == 0)
        {
            Add("ingest.topics", "ingest.topics are given, but kafka.bootstrap_servers is empty: there is nobody to read them from.");
        }

        for (int i = 0; i < ingest.Topics.Count; i++)
        {
            if (ingest.Topics[i] == _kafka.Topic)
            {
                Add($"ingest.topics[{i}]", $"ingest.topics[{i}] ('{ingest.Topics[i]}') is kafka.topic, the log itself; expected topics of raw records.");
            }
        }

        if (ingest.Topics.Count > 0 && ingest.Group == _kafka.Group)
        {
            Add("ingest.group", $"ingest.group ('{ingest.Group}') must differ from kafka.group ('{_kafka.Group}').");
        }
    }

    private void AtMostOne(string key, string variable, string file)
    {
        if (variable.Length > 0 && file.Length > 0)
        {
            Add(key + "_file", $"{key}_file ('{file}') and {key}_env ('{variable}') are both given; expected one of them.");
        }
    }

    private void Add(string path, string message) => problems.Add(binder.PositionOf(path), path, message);
}
