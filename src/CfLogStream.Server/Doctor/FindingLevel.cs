namespace CfLogStream.Server.Doctor;

/// <summary>How bad a finding is.</summary>
public enum FindingLevel
{
    /// <summary>Nothing to do.</summary>
    Ok = 0,

    /// <summary>Something is poorer than it could be, or may become a problem.</summary>
    Warning,

    /// <summary>Answers are wrong or missing, or data is lost.</summary>
    Problem,
}
