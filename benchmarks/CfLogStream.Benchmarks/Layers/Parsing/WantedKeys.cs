namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>Finds the kind of a wanted field by its name, as one writes it by hand: by length first, then by bytes.</summary>
internal static class WantedKeys
{
    public static WantedKind OfHttp(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 3:
                return name.SequenceEqual("JA4"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 5:
                return name.SequenceEqual("RayID"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 8:
                return name.SequenceEqual("ZoneName"u8) || name.SequenceEqual("ClientIP"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("BotScore"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 9:
                return name.SequenceEqual("ClientASN"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 11:
                return name.SequenceEqual("BotScoreSrc"u8) || name.SequenceEqual("ParentRayID"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 13:
                return name.SequenceEqual("ClientCountry"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 14:
                return name.SequenceEqual("SecurityAction"u8) || name.SequenceEqual("SecurityRuleID"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("WAFAttackScore"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 15:
                return name.SequenceEqual("SecurityActions"u8)
                    || name.SequenceEqual("SecurityRuleIDs"u8)
                    || name.SequenceEqual("SecuritySources"u8)
                    ? WantedKind.Array
                    : WantedKind.None;
            case 16:
                return name.SequenceEqual("ClientRequestURI"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("WorkerSubrequest"u8)
                    ? WantedKind.Boolean
                    : WantedKind.None;
            case 17:
                return name.SequenceEqual("ClientRequestHost"u8) || name.SequenceEqual("ClientRequestPath"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("EdgeResponseBytes"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 18:
                return name.SequenceEqual("EdgeStartTimestamp"u8)
                    || name.SequenceEqual("EdgeResponseStatus"u8)
                    || name.SequenceEqual("ClientRequestBytes"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 19:
                return name.SequenceEqual("ClientRequestMethod"u8)
                    || name.SequenceEqual("ClientRequestSource"u8)
                    || name.SequenceEqual("VerifiedBotCategory"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 20:
                return name.SequenceEqual("ClientRequestReferer"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("OriginResponseStatus"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 21:
                return name.SequenceEqual("EdgeTimeToFirstByteMs"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 22:
                return name.SequenceEqual("ClientRequestUserAgent"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            default:
                return WantedKind.None;
        }
    }

    public static WantedKind OfFirewall(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 3:
                return name.SequenceEqual("Ref"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 4:
                return name.SequenceEqual("Kind"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 5:
                return name.SequenceEqual("RayID"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 6:
                return name.SequenceEqual("Action"u8)
                    || name.SequenceEqual("Source"u8)
                    || name.SequenceEqual("RuleID"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 8:
                return name.SequenceEqual("ZoneName"u8) || name.SequenceEqual("ClientIP"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("Datetime"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 9:
                return name.SequenceEqual("ClientASN"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 10:
                return name.SequenceEqual("MatchIndex"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 11:
                return name.SequenceEqual("Description"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 12:
                return name.SequenceEqual("EdgeColoCode"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 13:
                return name.SequenceEqual("ClientCountry"u8) || name.SequenceEqual("ClientIPClass"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 15:
                return name.SequenceEqual("OriginatorRayID"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 17:
                return name.SequenceEqual("ClientRequestHost"u8)
                    || name.SequenceEqual("ClientRequestPath"u8)
                    || name.SequenceEqual("ClientRefererHost"u8)
                    || name.SequenceEqual("ClientRefererPath"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 18:
                return name.SequenceEqual("ClientRequestQuery"u8) || name.SequenceEqual("ClientRefererQuery"u8)
                    ? WantedKind.Text
                    : name.SequenceEqual("EdgeResponseStatus"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 19:
                return name.SequenceEqual("ClientRequestMethod"u8)
                    || name.SequenceEqual("ClientRequestScheme"u8)
                    || name.SequenceEqual("ClientRefererScheme"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 20:
                return name.SequenceEqual("OriginResponseStatus"u8)
                    ? WantedKind.Number
                    : WantedKind.None;
            case 21:
                return name.SequenceEqual("ClientRequestProtocol"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 22:
                return name.SequenceEqual("ClientRequestUserAgent"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            case 27:
                return name.SequenceEqual("LeakedCredentialCheckResult"u8)
                    ? WantedKind.Text
                    : WantedKind.None;
            default:
                return WantedKind.None;
        }
    }
}

/// <summary>What is to be done with a field's value.</summary>
internal enum WantedKind
{
    None,
    Text,
    Number,
    Boolean,
    Array,
}
