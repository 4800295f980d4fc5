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
        ChangeVerb.Create(),
        OwnersVerb.Create(),
<<<<<<< HEAD
=======
        FindVerb.Create(),
        RetestVerb.Create(),
>>>>>>> retest
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
