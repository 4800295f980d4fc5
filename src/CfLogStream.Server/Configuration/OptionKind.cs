namespace CfLogStream.Server.Configuration;

/// <summary>What a key holds.</summary>
internal enum OptionKind
{
    Text = 0,
    Number,
    Seconds,
    YesNo,
    Word,
    Section,
}
