using System.Collections.Frozen;
using System.Net;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>Says from an error code and an HTTP status what to do about a failed insert.</summary>
/// <remarks>
/// Codes are those of ClickHouse's src/Common/ErrorCodes.cpp. What is not named here waits and alerts: an error nobody thought of
/// must neither
/// drop rows nor be retried in silence. A code that means "the schema is not what was expected" (16 NO_SUCH_COLUMN_IN_TABLE, 53
/// TYPE_MISMATCH …)
/// also waits: it holds for every row, and taking it for bad data would send all of them to the dead letters.
/// </remarks>
public static class InsertFailure
{
    private static readonly FrozenSet<int> s_transient = FrozenSet.Create(
        3, // UNEXPECTED_END_OF_FILE: the body was cut on its way
        23, // CANNOT_READ_FROM_ISTREAM
        32, // ATTEMPT_TO_READ_AFTER_EOF: the body was cut on its way
        159, // TIMEOUT_EXCEEDED
        160, // TOO_SLOW
        198, // DNS_ERROR
        202, // TOO_MANY_SIMULTANEOUS_QUERIES
        203, // NO_FREE_CONNECTION
        209, // SOCKET_TIMEOUT
        210, // NETWORK_ERROR
        216, // QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING
        225, // NO_ZOOKEEPER
        236, // ABORTED: the server is shutting down
        241, // MEMORY_LIMIT_EXCEEDED
        242, // TABLE_IS_READ_ONLY: a replica without its Keeper session
        244, // UNEXPECTED_ZOOKEEPER_ERROR
        252, // TOO_MANY_PARTS
        254, // NO_ACTIVE_REPLICAS
        265, // NO_AVAILABLE_REPLICA
        279, // ALL_CONNECTION_TRIES_FAILED
        285, // TOO_FEW_LIVE_REPLICAS
        286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
        289, // REPLICA_IS_NOT_IN_QUORUM
        297, // SHARD_HAS_NO_CONNECTIONS
        319, // UNKNOWN_STATUS_OF_INSERT: safe to repeat, writes are idempotent
        394, // QUERY_WAS_CANCELLED
        425, // SYSTEM_ERROR
        439, // CANNOT_SCHEDULE_TASK
        473, // DEADLOCK_AVOIDED
        517, // CANNOT_ASSIGN_ALTER
        571, // DATABASE_REPLICATION_FAILED
        574, // DISTRIBUTED_TOO_MANY_PENDING_BYTES
        999, // KEEPER_EXCEPTION
        1000, // POCO_EXCEPTION
        1001); // STD_EXCEPTION

    private static readonly FrozenSet<int> s_badData = FrozenSet.Create(
        6, // CANNOT_PARSE_TEXT
        26, // CANNOT_PARSE_QUOTED_STRING
        27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
        33, // CANNOT_READ_ALL_DATA
        38, // CANNOT_PARSE_DATE
        41, // CANNOT_PARSE_DATETIME
        69, // ARGUMENT_OUT_OF_BOUND
        72, // CANNOT_PARSE_NUMBER
        117, // INCORRECT_DATA
        128, // TOO_LARGE_ARRAY_SIZE
        131, // TOO_LARGE_STRING_SIZE
        190, // SIZES_OF_ARRAYS_DONT_MATCH
        321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
        349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
        395, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: a constraint of the user's
        407, // DECIMAL_OVERFLOW
        469, // VIOLATED_CONSTRAINT
        675, // CANNOT_PARSE_IPV4
        676); // CANNOT_PARSE_IPV6

    /// <summary>Classifies an error answer.</summary>
    /// <param name="status">The HTTP status, 200 included.</param>
    /// <param name="code">ClickHouse's error code, if the answer has one; it decides before the status does.</param>
    public static FailureKind Classify(HttpStatusCode status, int? code)
    {
        if (code is int known)
        {
            return s_transient.Contains(known) ? FailureKind.Transient
                : s_badData.Contains(known) ? FailureKind.BadData
                : FailureKind.WaitAndAlert;
        }

        return (int)status is 408 or 425 or 429 or >= 500 ? FailureKind.Transient : FailureKind.WaitAndAlert;
    }

    /// <summary>Classifies what went wrong on the way to an answer or with it.</summary>
    public static FailureKind Classify(Exception exception) => exception switch
    {
        ServerAnswerException answer => Classify(answer.Status, answer.Code),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => FailureKind.WaitAndAlert,
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => FailureKind.Transient,
        _ => FailureKind.WaitAndAlert,
    };
}
