using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// One connection to the engine, which is one session of ClickHouse: its settings, current database, role and temporary tables are
/// its own and end with it. Connecting costs about 0.3 ms, so each request gets a new one and nothing can leak into the next.
/// Every call blocks, and the caller sees to it that calls do not overlap.
/// </summary>
internal sealed unsafe class EngineConnection : IDisposable
{
    private readonly ConnectionHandle _handle;
    private InsertStreamHandle? _insert;
    private ResultHandle? _stream;

    private EngineConnection(ConnectionHandle handle) => _handle = handle;

    /// <summary>Opens a connection; the first one of a process boots the engine with the arguments.</summary>
    /// <returns>Null when the engine refuses; it says why only in its own log.</returns>
    public static EngineConnection? TryOpen(PinnedTexts arguments)
    {
        nint* connection = LibChdb.Connect(arguments.Count, arguments.Pointers);
        GC.KeepAlive(arguments);
        return connection == null ? null : new EngineConnection(new ConnectionHandle(connection));
    }

    /// <summary>Runs a statement to its end and returns its whole result.</summary>
    public ResultHandle Query(ReadOnlySpan<byte> statement, string format, QueryParameters parameters)
    {
        byte[] formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* query = statement, formatPointer = formatBytes)
        {
            ResultHandle result = LibChdb.QueryWithParameters(
                _handle, query, (nuint)statement.Length, formatPointer, (nuint)formatBytes.Length,
                parameters.Names.Pointers, parameters.Names.Lengths, parameters.Values.Pointers, parameters.Values.Lengths,
                (nuint)parameters.Names.Count);
            GC.KeepAlive(parameters);
            return Checked(result);
        }
    }

    /// <summary>Runs a statement that has no parameters and whose result does not matter.</summary>
    public void Execute(string statement)
    {
        using ResultHandle result = Query(Encoding.UTF8.GetBytes(statement), "Null", QueryParameters.None);
    }

    /// <summary>Runs a statement and returns its result as text without the last line end.</summary>
    public string QueryText(string statement)
    {
        using ResultHandle result = Query(Encoding.UTF8.GetBytes(statement), "TabSeparatedRaw", QueryParameters.None);
        return Encoding.UTF8.GetString(result.Bytes).TrimEnd('\n');
    }

    /// <summary>Starts a SELECT whose result is then fetched chunk by chunk. Other statements are refused.</summary>
    public void StartStream(ReadOnlySpan<byte> statement, string format, QueryParameters parameters)
    {
        byte[] formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* query = statement, formatPointer = formatBytes)
        {
            ResultHandle stream = LibChdb.StreamQueryWithParameters(
                _handle, query, (nuint)statement.Length, formatPointer, (nuint)formatBytes.Length,
                parameters.Names.Pointers, parameters.Names.Lengths, parameters.Values.Pointers, parameters.Values.Lengths,
                (nuint)parameters.Names.Count);
            GC.KeepAlive(parameters);
            _stream = Checked(stream);
        }
    }

    /// <summary>Returns the next chunk of the stream; one of length 0 is the end.</summary>
    public ResultHandle FetchChunk() => Checked(LibChdb.FetchResult(_handle, _stream!));

    /// <summary>Starts an INSERT that is then fed with data in <paramref name="format"/>.</summary>
    public void StartInsert(ReadOnlySpan<byte> statement, string format, QueryParameters parameters)
    {
        byte[] formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* query = statement, formatPointer = formatBytes)
        {
            _insert = LibChdb.StreamInsertWithParameters(
                _handle, query, (nuint)statement.Length, formatPointer, (nuint)formatBytes.Length,
                parameters.Names.Pointers, parameters.Names.Lengths, parameters.Values.Pointers, parameters.Values.Lengths,
                (nuint)parameters.Names.Count);
            GC.KeepAlive(parameters);
        }

        if (ResultHandle.ReadText(LibChdb.InsertError(_insert)) is { } error)
        {
            throw new EngineException(error);
        }
    }

    /// <summary>Hands over data of the INSERT; waits while the engine is behind.</summary>
    /// <returns>False when the engine takes no more; <see cref="FinishInsert"/> then says why.</returns>
    public bool Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* pointer = data)
        {
            return LibChdb.Append(_insert!, pointer, (nuint)data.Length) == 0;
        }
    }

    /// <summary>Commits the INSERT and returns its statistics.</summary>
    public ResultHandle FinishInsert() => Checked(LibChdb.FinishInsert(_insert!));

    /// <summary>Asks the engine's parser what a statement would do, without running it.</summary>
    public LibChdb.QueryAnalysis Classify(ReadOnlySpan<byte> statement)
    {
        var analysis = new LibChdb.QueryAnalysis { StructSize = (uint)sizeof(LibChdb.QueryAnalysis), QueryClass = uint.MaxValue };
        fixed (byte* query = statement)
        {
            _ = LibChdb.ClassifyQuery(_handle, query, (nuint)statement.Length, null, 0, &analysis);
        }

        return analysis;
    }

    /// <summary>Parses one statement without running it.</summary>
    /// <exception cref="EngineException">It does not parse, or is more than one.</exception>
    public void RequireParsable(ReadOnlySpan<byte> statement)
    {
        // A stream refuses all but SELECT, after it has parsed the text. What the engine cannot class is no SELECT.
        byte[] format = "Null"u8.ToArray();
        fixed (byte* query = statement, formatPointer = format)
        {
            using ResultHandle stream = LibChdb.StreamQueryWithParameters(
                _handle, query, (nuint)statement.Length, formatPointer, (nuint)format.Length, null, null, null, null, 0);
            if (stream.Error is { } error && !error.Contains("Streaming query is not supported", StringComparison.Ordinal))
            {
                throw new EngineException(error);
            }
        }
    }

    /// <summary>Ends what still runs on the connection and closes it.</summary>
    public void Dispose()
    {
        _insert?.Dispose();
        _stream?.Dispose();
        _handle.Dispose();
    }

    private static ResultHandle Checked(ResultHandle result)
    {
        if (result.IsInvalid)
        {
            throw new EngineException(EngineErrorCode.UnknownException, "UNKNOWN_EXCEPTION", "The engine gave no result");
        }

        if (result.Error is { } error)
        {
            result.Dispose();
            throw new EngineException(error);
        }

        return result;
    }
}
