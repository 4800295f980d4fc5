namespace CfLogStream.Core.Traffic;

/// <summary>Yes-or-no facts about one record.</summary>
[Flags]
public enum RecordFlags : ushort
{
    None = 0,

    /// <summary>Made by Cloudflare itself (client class <c>cf_internal</c>): in no denominator.</summary>
    Internal = 1,

    /// <summary>A Worker's subrequest: belongs to its parent ray, never counted as client traffic.</summary>
    WorkerSubrequest = 2,

    /// <summary>An OPTIONS request on an API path, or one with Access-Control-Request-Method.</summary>
    Preflight = 4,

    /// <summary>The template is one of the user's, of an OpenAPI file or otherwise known: outside the cardinality cap.</summary>
    KnownTemplate = 8,

    /// <summary>
    /// The RayID is 16 hexadecimal digits and <see cref="TrafficHead.Ray"/> is its value; otherwise it is a hash of the text.
    /// </summary>
    HexRay = 16,

    /// <summary>Hash sampling keeps this record in <c>requests</c> whatever its outcome.</summary>
    Sampled = 32,

    /// <summary>The record carries all texts; without it only the dimensions (up to <see cref="RecordText.DimensionCount"/>).</summary>
    Detailed = 64,

    /// <summary>The client class is a browser class: an issued challenge can be solved and is not yet a loss on its own.</summary>
    BrowserClient = 128,

    /// <summary>The record says how the origin answered (the field was in the job).</summary>
    HasOriginStatus = 256,
}
