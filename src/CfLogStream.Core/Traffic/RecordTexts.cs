using System.Buffers.Text;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Clients;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>Writes the text slots of a record into a batch, in their fixed order, with secrets masked. One per thread.</summary>
internal sealed class RecordTexts
{
    private const int MaxWord = 64;
    private readonly byte[][] _extraNames;
    private readonly bool[] _extraHidden;
    private byte[] _scratch = new byte[4096];

    public RecordTexts(IReadOnlyList<string> extraFields)
    {
        _extraNames = [.. extraFields.Select(Encoding.UTF8.GetBytes)];
        _extraHidden = [.. extraFields.Select(name => name is "Cookies" or "ResponseHeaders")];
    }

    /// <summary>Returns the path as logged: ClientRequestPath, else ClientRequestURI up to its query.</summary>
    public static ReadOnlySpan<byte> Path(LogRecord record)
    {
        ReadOnlySpan<byte> path = record.Text(LogField.ClientRequestPath);
        if (!path.IsEmpty)
        {
            return path;
        }

        ReadOnlySpan<byte> uri = record.Text(LogField.ClientRequestURI);
        int end = uri.IndexOf((byte)'?');
        uri = end < 0 ? uri : uri[..end];
        int authority = uri.IsEmpty || uri[0] == (byte)'/' ? -1 : uri.IndexOf("://"u8);
        if (authority < 0)
        {
            return uri;
        }

        int slash = uri[(authority + 3)..].IndexOf((byte)'/');
        return slash < 0 ? "/"u8 : uri[(authority + 3 + slash)..];
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

    /// <summary>Writes the slots that every record has.</summary>
    public static void WriteDimensions(
        LogRecord record, EndpointReader endpoint, scoped in ClientVerdict client, uint asn, IpPrefix address, TrafficBatch batch)
    {
        ReadOnlySpan<byte> ray = record.Text(LogField.RayID);
        batch.Advance(RayId.Write(ray, batch.GetSpan(RayId.MaxLength)));
        batch.Append(endpoint.Zone);
        batch.Append(endpoint.Host);
        batch.Append(endpoint.Method);
        batch.Append(endpoint.Template);
        batch.Append(ClientClasses.Name(client.Class));
        batch.Append(client.Name);
        WriteNetwork(asn, address, batch);
        WriteUpper(record.Text(LogField.ClientCountry), batch);
    }

    /// <summary>Writes the other slots, entries and extras of a detailed record.</summary>
    public void WriteDetails(LogRecord record, int entryCount, int extraCount, int matchIndex, TrafficBatch batch)
    {
        WriteRequest(record, batch);
        WriteSecurity(record, batch);
        WriteAnswer(record, batch);
        WriteEntries(record, entryCount, matchIndex, batch);
        WriteExtras(record, extraCount, batch);
    }

    private static void WriteNetwork(uint asn, IpPrefix address, TrafficBatch batch)
    {
        Span<byte> span = batch.GetSpan(13 + IpPrefix.MaxFormattedLength);
        int written = 0;
        if (asn != 0)
        {
            "AS"u8.CopyTo(span);
            Utf8Formatter.TryFormat(asn, span[2..], out int digits);
            written = 2 + digits;
        }

        if (address.IsAddress && written > 0)
        {
            span[written++] = (byte)' ';
        }

        batch.Advance(written + address.Format(span[written..]));
    }

    private static void WriteUpper(ReadOnlySpan<byte> text, TrafficBatch batch)
    {
        int length = Math.Min(text.Length, MaxWord);
        Span<byte> span = batch.GetSpan(length);
        for (int i = 0; i < length; i++)
        {
            byte b = text[i];
            span[i] = (uint)(b - 'a') <= 'z' - 'a' ? (byte)(b & 0xDF) : b;
        }

        batch.Advance(length);
    }

    private static void WriteMasked(ReadOnlySpan<byte> uri, TrafficBatch batch) =>
        batch.Advance(uri.IsEmpty ? 0 : SecretMask.MaskUri(uri, batch.GetSpan(SecretMask.MaxLength(uri.Length))));

    private static void WriteRay(ReadOnlySpan<byte> ray, TrafficBatch batch) => batch.Advance(RayId.Write(ray, batch.GetSpan(RayId.MaxLength)));

    private void WriteRequest(LogRecord record, TrafficBatch batch)
    {
        WriteMasked(Path(record), batch);
        ReadOnlySpan<byte> query = Query(record);
        batch.Advance(query.IsEmpty ? 0 : SecretMask.MaskQuery(query, batch.GetSpan(SecretMask.MaxLength(query.Length))));
        batch.Append(record.Text(LogField.ClientRequestScheme));
        batch.Append(record.Text(LogField.ClientRequestProtocol));
        batch.Append(record.Text(LogField.ClientRequestUserAgent));
        WriteMasked(Referer(record), batch);
        batch.Append(record.Text(LogField.ClientXRequestedWith));
        batch.Append(record.Text(LogField.ClientIP));
        batch.Append(record.Text(LogField.ClientASNDescription));
        batch.Append(record.Text(LogField.ClientIPClass));
        batch.Append(record.Text(LogField.ClientRegionCode));
        batch.Append(record.Text(LogField.ClientDeviceType));
        batch.Append(record.Text(LogField.ClientRequestSource));
        batch.Append(record.Text(LogField.ClientMTLSAuthStatus));
        batch.Append(record.Text(LogField.ClientMTLSAuthCertFingerprint));
        batch.Append(record.Text(LogField.ClientSSLProtocol));
        batch.Append(record.Text(LogField.JA3Hash));
        batch.Append(record.Text(LogField.JA4));
    }

    private static void WriteSecurity(LogRecord record, TrafficBatch batch)
    {
        batch.Append(record.Text(LogField.BotScoreSrc));
        batch.Append(record.Text(LogField.BotTags));
        batch.Append(record.Text(LogField.BotDetectionIDs));
        batch.Append(record.Text(LogField.BotDetectionTags));
        batch.Append(record.Text(LogField.VerifiedBotCategory));
        batch.Append(record.Text(LogField.JSDetectionPassed));
        batch.Append(record.Text(LogField.LeakedCredentialCheckResult));
    }

    private static void WriteAnswer(LogRecord record, TrafficBatch batch)
    {
        batch.Append(record.Text(LogField.EdgeResponseContentType));
        batch.Append(record.Text(LogField.CacheCacheStatus));
        batch.Append(record.Text(LogField.EdgeColoCode));
        WritePathing(record, batch);
        batch.Append(record.Text(LogField.OriginIP));
        batch.Append(record.Text(LogField.WorkerScriptName));
        batch.Append(record.Text(LogField.WorkerStatus));
        batch.Append(record.Text(LogField.WebAssetsOperationID));
        WriteRay(record.Text(LogField.ParentRayID), batch);
        WriteRay(record.Text(LogField.OriginatorRayID), batch);
        batch.Append(record.Text(LogField.Kind));
        batch.Append(record.Text(LogField.Metadata));
    }

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

    /// <summary>
    /// Writes the entries; the description and ref that the record has belong to the rule that SecurityRuleID (or the event) names.
    /// </summary>
    private static void WriteEntries(LogRecord record, int entryCount, int matchIndex, TrafficBatch batch)
    {
        bool isEvent = record.Dataset == Dataset.FirewallEvents;
        ReadOnlySpan<byte> ruleId = record.Text(LogField.SecurityRuleID);
        bool described = false;
        var entries = new SecurityEntries(record);
        for (int i = 0; i < entryCount && entries.MoveNext(); i++)
        {
            batch.Advance(Mitigation.Fold(entries.Control, batch.GetSpan(Math.Min(entries.Control.Length, MaxWord))));
            batch.Advance(Mitigation.Fold(entries.Action, batch.GetSpan(Math.Min(entries.Action.Length, MaxWord))));
            batch.Append(entries.RuleId);
            batch.Append(isEvent ? record.Text(LogField.Ref) : default);
            bool isDescribed = isEvent || (!described && entries.RuleId.SequenceEqual(ruleId));
            described |= isDescribed;
            batch.Append(!isDescribed ? default : record.Text(isEvent ? LogField.Description : LogField.SecurityRuleDescription));
            batch.AppendInt32(isEvent ? matchIndex : -1);
        }
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
        ReadOnlySpan<byte> query = record.Text(LogField.ClientRequestQuery);
        if (query.IsEmpty)
        {
            ReadOnlySpan<byte> uri = record.Text(LogField.ClientRequestURI);
            int start = uri.IndexOf((byte)'?');
            return start < 0 ? default : uri[(start + 1)..];
        }

        return query[0] == (byte)'?' ? query[1..] : query;
    }

    /// <summary>Returns the referer as logged, or put together from a security event's parts.</summary>
    private ReadOnlySpan<byte> Referer(LogRecord record)
    {
        if (record.Dataset != Dataset.FirewallEvents)
        {
            return record.Text(LogField.ClientRequestReferer);
        }

        ReadOnlySpan<byte> host = record.Text(LogField.ClientRefererHost);
        ReadOnlySpan<byte> path = record.Text(LogField.ClientRefererPath);
        if (host.IsEmpty && path.IsEmpty)
        {
            return default;
        }

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
