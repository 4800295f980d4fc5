namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>The codes of ClickHouse's src/Common/ErrorCodes.cpp that this façade itself answers with or maps to a status.</summary>
internal static class EngineErrorCode
{
    public const int CannotParseText = 6;
    public const int CannotParseQuotedString = 26;
    public const int CannotParseDate = 38;
    public const int CannotParseDateTime = 41;
    public const int NotImplemented = 48;
    public const int UnknownTable = 60;
    public const int SyntaxError = 62;
    public const int UnknownDatabase = 81;
    public const int TypeMismatch = 53;
    public const int UnknownFunction = 46;
    public const int UnknownType = 50;
    public const int UnknownSetting = 115;
    public const int IncorrectData = 117;
    public const int TimeoutExceeded = 159;
    public const int Readonly = 164;
    public const int TooManySimultaneousQueries = 202;
    public const int QueryWasCancelled = 394;
    public const int TooManyRowsOrBytes = 396;
    public const int AccessDenied = 497;
    public const int AuthenticationFailed = 516;
    public const int UnknownException = 1002;
}
