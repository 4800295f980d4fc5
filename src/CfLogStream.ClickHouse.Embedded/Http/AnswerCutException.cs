namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// Leaves a request whose answer has started and cannot be finished: the web server then closes the connection without the end mark
/// of the body, so that no client takes the part for the whole.
/// </summary>
internal sealed class AnswerCutException(Exception inner) : Exception("The answer was cut off because the statement failed.", inner);
