namespace CfLogStream.Generator.Simulation;

/// <summary>Where finished requests go, and how much of them is wanted.</summary>
internal interface IRecordOutput
{
    /// <summary>Whether <see cref="Limit"/> and <see cref="Used"/> are lines; otherwise they are bytes.</summary>
    bool CountsLines { get; }

    /// <summary>How much is wanted.</summary>
    double Limit { get; }

    /// <summary>How much was written.</summary>
    double Used { get; }

    /// <summary>Writes the request's record and its security events.</summary>
    void Write(Request request);
}
