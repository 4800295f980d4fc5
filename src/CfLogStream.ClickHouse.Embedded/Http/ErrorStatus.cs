using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>HTTP status of an error code, as in ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.</summary>
internal static class ErrorStatus
{
    public static int Of(int code) => code switch
    {
        // REQUIRED_PASSWORD
        194 => StatusCodes.Status401Unauthorized,
        // UNKNOWN_USER, WRONG_PASSWORD, AUTHENTICATION_FAILED, SET_NON_GRANTED_ROLE, ACCESS_DENIED
        192 or 193 or 516 or 512 or 497 => StatusCodes.Status403Forbidden,
        // BAD_ARGUMENTS, CANNOT_COMPILE_REGEXP
        36 or 427 => StatusCodes.Status400BadRequest,
        // CANNOT_PARSE_ TEXT, ESCAPE_SEQUENCE, QUOTED_STRING, INPUT_ASSERTION_FAILED, DATE, DATETIME, NUMBER, UUID,
        // DOMAIN_VALUE_FROM_STRING, IPV4, IPV6
        6 or 25 or 26 or 27 or 38 or 41 or 72 or 376 or 441 or 675 or 676 => StatusCodes.Status400BadRequest,
        // THERE_IS_NO_COLUMN, DUPLICATE_COLUMN, ILLEGAL_COLUMN, TYPE_MISMATCH, SYNTAX_ERROR, VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE,
        // INCORRECT_DATA
        8 or 15 or 44 or 53 or 62 or 321 or 117 => StatusCodes.Status400BadRequest,
        // UNKNOWN_ELEMENT_IN_AST, UNKNOWN_TYPE_OF_AST_NODE, UNEXPECTED_AST_STRUCTURE, TOO_DEEP_AST, TOO_BIG_AST
        37 or 123 or 223 or 167 or 168 => StatusCodes.Status400BadRequest,
        // UNKNOWN_ FUNCTION, IDENTIFIER, TYPE, STORAGE, TABLE, AGGREGATE_FUNCTION, FORMAT, TYPE_OF_QUERY, DATABASE, SETTING,
        // DIRECTION_OF_SORTING, DATABASE_ENGINE, ROLE
        46 or 47 or 50 or 56 or 60 or 63 or 73 or 78 or 81 or 115 or 152 or 336 or 511 => StatusCodes.Status404NotFound,
        // QUERY_IS_TOO_LARGE
        229 => StatusCodes.Status413PayloadTooLarge,
        // NOT_IMPLEMENTED
        48 => StatusCodes.Status501NotImplemented,
        // SOCKET_TIMEOUT, CANNOT_OPEN_FILE, CANNOT_SCHEDULE_TASK; and TOO_MANY_SIMULTANEOUS_QUERIES, which the server answers with 500
        209 or 76 or 439 or 202 => StatusCodes.Status503ServiceUnavailable,
        // HTTP_LENGTH_REQUIRED
        381 => StatusCodes.Status411LengthRequired,
        // TIMEOUT_EXCEEDED
        159 => StatusCodes.Status408RequestTimeout,
        // UNSUPPORTED_MEDIA_TYPE
        779 => StatusCodes.Status415UnsupportedMediaType,
        _ => StatusCodes.Status500InternalServerError,
    };
}
