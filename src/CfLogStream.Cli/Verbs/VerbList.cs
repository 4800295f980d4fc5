using System.CommandLine;

namespace CfLogStream.Cli.Verbs;

/// <summary>The verbs of the command line, in the order of the help.</summary>
internal static class VerbList
{
    public static IReadOnlyList<Command> All() =>
    [
        AnalyzeVerb.Create(),
        DemoVerb.Create(),
        ServeVerb.Create(),
        GenerateVerb.Create(),
        DiagnoseVerb.Create(),
        RayVerb.Create(),
        FindVerb.Create(),
        ExplainVerb.Create(),
        RetestVerb.Create(),
        ChangeVerb.Create(),
        OwnersVerb.Create(),
        DeadLettersVerb.Create(),
        TopicsVerb.Create(),
        LagVerb.Create(),
        TapVerb.Create(),
        ResetVerb.Create(),
        BackupVerb.Create(),
        RestoreVerb.Create(),
        SchemaVerb.Create(),
        ValidateVerb.Create(),
        DoctorVerb.Create(),
        LogpushJobVerb.Create(),
        InfoVerb.Create(),
        DocsVerb.Create(),
    ];
}
