namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>What the proxy does with an insert.</summary>
internal enum InsertFault
{
    /// <summary>Lets it through.</summary>
    None,

    /// <summary>Reads half of it, then closes the connection.</summary>
    ResetMidBody,

    /// <summary>Closes the connection before ClickHouse has seen any of it.</summary>
    LoseRequest,

    /// <summary>Has ClickHouse apply it, then closes the connection.</summary>
    LoseAnswer,

    /// <summary>Has ClickHouse apply it, then answers 200 with an exception in the header.</summary>
    ExceptionHeader,

    /// <summary>Answers 500 with a code, ClickHouse sees nothing.</summary>
    Refuse,

    /// <summary>Waits two seconds, then lets it through.</summary>
    Slow,

    /// <summary>Waits until the test says so, then lets it through, whether anybody still waits for the answer or not.</summary>
    Late,
}
