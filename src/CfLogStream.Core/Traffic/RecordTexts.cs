using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Clients;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>Writes the text slots of a record into a batch, in their fixed order, with secrets masked. One per thread.</summary>
internal sealed class RecordTexts
{
    /// <summary>The longest country that is kept.</summary>
    public const int MaxCountry = 64;

    /// <summary>The longest text of <see cref="WriteNetwork"/>.</summary>
    public const int MaxNetwork = 13 + IpPrefix.MaxFormattedLength;

    // The room for fields that are written together; when they need more, there are several rounds.
    private const int FieldRoom = 2048;
    private const int CopyBytes = 32;

    // The fields of the slots that are as logged, between the slots that are not.
    private static readonly LogField[] s_beforeReferer =
        [LogField.ClientRequestScheme, LogField.ClientRequestProtocol, LogField.ClientRequestUserAgent];

    private static readonly LogField[] s_beforePathing =
    [
        LogField.ClientXRequestedWith, LogField.ClientIP, LogField.ClientASNDescription, LogField.ClientIPClass, LogField.ClientRegionCode,
        LogField.ClientDeviceType, LogField.ClientRequestSource, LogField.ClientMTLSAuthStatus, LogField.ClientMTLSAuthCertFingerprint,
        LogField.ClientSSLProtocol, LogField.JA3Hash, LogField.JA4, LogField.BotScoreSrc, LogField.BotTags, LogField.BotDetectionIDs,
        LogField.BotDetectionTags, LogField.VerifiedBotCategory, LogField.JSDetectionPassed, LogField.LeakedCredentialCheckResult,
        LogField.EdgeResponseContentType, LogField.CacheCacheStatus, LogField.EdgeColoCode,
    ];

    private static readonly LogField[] s_beforeRays =
        [LogField.OriginIP, LogField.WorkerScriptName, LogField.WorkerStatus, LogField.WebAssetsOperationID];

    private static readonly LogField[] s_atTheEnd = [LogField.Kind, LogField.Metadata];

    private readonly MaskedTexts _masked = new();
    private readonly byte[][] _extraNames;
    private readonly bool[] _extraHidden;
    private byte[] _scratch = new byte[4096];

    public RecordTexts(IReadOnlyList<string> extraFields)
    {
        _extraNames = [.. extraFields.Select(Encoding.UTF8.GetBytes)];
        _extraHidden = [.. extraFields.Select(name => name is "Cookies" or "ResponseHeaders")];
    }

    /// <summary>Counts the extras of a record: the named extra fields it has, and its logged request headers.</summary>
    public int CountExtras(LogRecord record)
    {
        int count = 0;
        for (int i = 0; i < _extraNames.Length; i++)
        {
            count += record.HasExtra(i) ? 1 : 0;
        }

        foreach (TextMembers _ in record.Members(LogField.RequestHeaders))
        {
            count++;
        }

        return Math.Min(count, byte.MaxValue);
    }

    /// <summary>Writes the client's network: its number, a blank, and the prefix of the address.</summary>
    public static int WriteNetwork(LogRecord record, uint asn, bool isPlainAsn, AddressReader addresses, Span<byte> destination)
    {
        int written = asn == 0 ? 0 : WriteNumber(record, asn, isPlainAsn, destination);

        // The blank stays only when an address follows.
        destination[written] = (byte)' ';
        int gap = written > 0 ? 1 : 0;
        int length = addresses.Write(record.PlainText(LogField.ClientIP), destination[(written + gap)..]);
        return length == 0 ? written : written + gap + length;
    }

    /// <summary>Writes the client's country in upper case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteCountry(LogRecord record, Span<byte> destination)
    {
        ReadOnlySpan<byte> text = record.PlainText(LogField.ClientCountry);
        int length = Math.Min(text.Length, MaxCountry);
        for (int i = 0; i < length; i++)
        {
            byte b = text[i];
            destination[i] = (uint)(b - 'a') <= 'z' - 'a' ? (byte)(b & 0xDF) : b;
        }

        return length;
    }

    /// <summary>Writes the other slots, entries and extras of a detailed record.</summary>
    /// <param name="isHarmlessPath">Whether the path is known to have no secret.</param>
    public void WriteDetails(LogRecord record, bool isHarmlessPath, SecurityReader security, int extraCount, TrafficBatch batch)
    {
        ReadOnlySpan<byte> path = RequestPath.Of(record);
        if (isHarmlessPath)
        {
            batch.Append(path);
        }
        else
        {
            _masked.WriteUri(path, batch);
        }

        _masked.WriteQuery(Query(record), batch);
        WriteFields(record, s_beforeReferer, batch);
        _masked.WriteUri(Referer(record), batch);
        WriteFields(record, s_beforePathing, batch);
        WritePathing(record, batch);
        WriteFields(record, s_beforeRays, batch);
        WriteRay(record.PlainText(LogField.ParentRayID), batch);
        WriteRay(record.PlainText(LogField.OriginatorRayID), batch);
        WriteFields(record, s_atTheEnd, batch);
        security.Write(batch);
        WriteExtras(record, extraCount, batch);
    }

    /// <summary>Writes the number of a network, as it was logged where that is how one would write it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteNumber(LogRecord record, uint asn, bool isPlain, Span<byte> destination)
    {
        "AS"u8.CopyTo(destination);
        ReadOnlySpan<byte> logged = record.PlainText(LogField.ClientASN);
        if (isPlain && logged[0] != (byte)'0')
        {
            logged.CopyTo(destination[2..]);
            return 2 + logged.Length;
        }

        Utf8Formatter.TryFormat(asn, destination[2..], out int digits);
        return 2 + digits;
    }

    /// <summary>Writes fields as they were logged, a slot for each.</summary>
    private static void WriteFields(LogRecord record, LogField[] fields, TrafficBatch batch)
    {
        int next = 0;
        while (next < fields.Length)
        {
            int first = next;
            int maxBytes = Math.Max(FieldRoom, record.Text(fields[next]).Length);
            Span<byte> room = batch.BeginSlots(fields.Length - first, maxBytes, out Span<byte> ends, out int start);
            int end = 0;
            while (next < fields.Length)
            {
                FieldSlot slot = record.Slot(fields[next]);
                if (slot.Kind is FieldKind.Text or FieldKind.Array && slot.Length <= CopyBytes && room.Length - end >= CopyBytes
                    && record.RawFrom(slot.Start) is { Length: >= CopyBytes } from)
                {
                    // Whatever its length, and what comes behind it is overwritten by the next.
                    Vector256.Create(from).CopyTo(room[end..]);
                    end += slot.Length;
                }
                else
                {
                    ReadOnlySpan<byte> text = record.Text(fields[next]);
                    if (text.Length > room.Length - end)
                    {
                        break;
                    }

                    text.CopyTo(room[end..]);
                    end += text.Length;
                }

                BinaryPrimitives.WriteInt32LittleEndian(ends[((next - first) * sizeof(int))..], start + end);
                next++;
            }

            batch.EndSlots(next - first, end);
        }
    }

    private static void WriteRay(ReadOnlySpan<byte> ray, TrafficBatch batch) => batch.Advance(RayId.Write(ray, batch.GetSpan(RayId.MaxLength)));

    /// <summary>Writes source, operation and status of EdgePathing with slashes between; nothing when none is logged.</summary>
    private static void WritePathing(LogRecord record, TrafficBatch batch)
    {
        ReadOnlySpan<byte> source = record.Text(LogField.EdgePathingSrc);
        ReadOnlySpan<byte> operation = record.Text(LogField.EdgePathingOp);
        ReadOnlySpan<byte> status = record.Text(LogField.EdgePathingStatus);
        int length = source.Length + operation.Length + status.Length;
        if (length == 0)
        {
            batch.Append(default);
            return;
        }

        Span<byte> span = batch.GetSpan(length + 2);
        source.CopyTo(span);
        span[source.Length] = (byte)'/';
        operation.CopyTo(span[(source.Length + 1)..]);
        span[source.Length + 1 + operation.Length] = (byte)'/';
        status.CopyTo(span[(source.Length + operation.Length + 2)..]);
        batch.Advance(length + 2);
    }

    private void WriteExtras(LogRecord record, int extraCount, TrafficBatch batch)
    {
        int written = 0;
        for (int i = 0; i < _extraNames.Length && written < extraCount; i++)
        {
            if (record.HasExtra(i))
            {
                batch.Append(_extraNames[i]);
                batch.Append(_extraHidden[i] ? Hide(record.ExtraText(i)) : record.ExtraText(i));
                written++;
            }
        }

        foreach (TextMembers header in record.Members(LogField.RequestHeaders))
        {
            if (written++ == extraCount)
            {
                break;
            }

            Span<byte> name = batch.GetSpan(header.Name.Length + 7);
            "header:"u8.CopyTo(name);
            header.Name.CopyTo(name[7..]);
            batch.Advance(name.Length);
            batch.Append(SecretMask.KeepHeaderValue(header.Name) ? header.Value : Hide(header.Value));
        }
    }

    private static ReadOnlySpan<byte> Hide(ReadOnlySpan<byte> value) => value.IsEmpty || value.SequenceEqual("{}"u8) ? value : SecretMask.Mark;

    /// <summary>Returns the query without its question mark.</summary>
    private static ReadOnlySpan<byte> Query(LogRecord record)
    {
        if (record.IsEmpty(LogField.ClientRequestQuery))
        {
            ReadOnlySpan<byte> uri = record.PlainText(LogField.ClientRequestURI);
            int start = uri.IndexOf((byte)'?');
            return start < 0 ? default : uri[(start + 1)..];
        }

        ReadOnlySpan<byte> query = record.PlainText(LogField.ClientRequestQuery);
        return query[0] == (byte)'?' ? query[1..] : query;
    }

    /// <summary>Returns the referer as logged, or put together from a security event's parts.</summary>
    private ReadOnlySpan<byte> Referer(LogRecord record)
    {
        if (record.Dataset != Dataset.FirewallEvents)
        {
            return record.PlainText(LogField.ClientRequestReferer);
        }

        if (record.IsEmpty(LogField.ClientRefererHost) && record.IsEmpty(LogField.ClientRefererPath))
        {
            return default;
        }

        ReadOnlySpan<byte> host = record.Text(LogField.ClientRefererHost);
        ReadOnlySpan<byte> path = record.Text(LogField.ClientRefererPath);
        ReadOnlySpan<byte> scheme = record.Text(LogField.ClientRefererScheme);
        ReadOnlySpan<byte> query = record.Text(LogField.ClientRefererQuery);
        int room = scheme.Length + host.Length + path.Length + query.Length + 4;
        if (_scratch.Length < room)
        {
            Array.Resize(ref _scratch, Math.Max(room, _scratch.Length * 2));
        }

        int written = 0;
        if (!scheme.IsEmpty && !host.IsEmpty)
        {
            Put(scheme, ref written);
            Put("://"u8, ref written);
        }

        Put(host, ref written);
        Put(path, ref written);
        if (!query.IsEmpty && query[0] != (byte)'?')
        {
            Put("?"u8, ref written);
        }

        Put(query, ref written);
        return _scratch.AsSpan(0, written);
    }

    private void Put(ReadOnlySpan<byte> text, ref int written)
    {
        text.CopyTo(_scratch.AsSpan(written));
        written += text.Length;
    }
}
