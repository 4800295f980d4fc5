using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>HTTP status of an error code, as in ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.</summary>
internal static class ErrorStatus
{
    public static int Of(int code) => code switch
    {
        // REQUIRED_PASSWORD, UNKNOWN_USER, WRONG_PASSWORD, AUTHENTICATION_FAILED, SET_NON_GRANTED_ROLE
        194 or 192 or 193 or 516 or 512 => StatusCodes.Status403Forbidden,
        // READONLY, ACCESS_DENIED
        164 or 497 => StatusCodes.Status403Forbidden,
        // UNKNOWN_TABLE, UNKNOWN_FUNCTION, UNKNOWN_IDENTIFIER, UNKNOWN_TYPE, UNKNOWN_STORAGE, UNKNOWN_DATABASE, UNKNOWN_SETTING,
        // UNKNOWN_DIRECTION_OF_SORTING, UNKNOWN_AGGREGATE_FUNCTION, UNKNOWN_FORMAT, UNKNOWN_DATABASE_ENGINE, UNKNOWN_TYPE_OF_QUERY, NO_ELEMENTS_IN_CONFIG
        60 or 46 or 47 or 50 or 56 or 81 or 115 or 99 or 63 or 73 or 336 or 78 or 139 => StatusCodes.Status404NotFound,
        // CANNOT_PARSE_*, ILLEGAL_*, SYNTAX_ERROR, INCORRECT_DATA, TYPE_MISMATCH, BAD_ARGUMENTS and the like
        6 or 25 or 26 or 27 or 38 or 41 or 43 or 44 or 53 or 62 or 69 or 72 or 117 or 130 or 131 or 376 or 441 or 467
            => StatusCodes.Status400BadRequest,
        // QUERY_IS_TOO_LARGE, TOO_MANY_ROWS_OR_BYTES is no request size and stays 500
        298 => StatusCodes.Status413PayloadTooLarge,
        // NOT_IMPLEMENTED
        48 => StatusCodes.Status501NotImplemented,
        // SOCKET_TIMEOUT, CANNOT_OPEN_FILE
        209 or 76 => StatusCodes.Status503ServiceUnavailable,
        // TIMEOUT_EXCEEDED
        159 => StatusCodes.Status408RequestTimeout,
        EngineErrorCode.TooManySimultaneousQueries => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
