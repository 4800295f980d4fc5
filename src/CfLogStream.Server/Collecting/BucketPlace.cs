using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace CfLogStream.Server.Collecting;

/// <summary>A bucket of an S3-compatible service: AWS S3, Cloudflare R2, MinIO and others.</summary>
/// <remarks>
/// Keys are asked for URL-encoded, because a key may have characters that XML cannot have, and one such key would make a whole listing
/// unreadable. An object is fetched only as it was listed (<c>If-Match</c>), and is whole when it has the bytes the listing promised.
/// </remarks>
internal sealed class BucketPlace : IObjectPlace
{
    private const int CopyBytes = 128 * 1024;

    private readonly BucketOptions _options;
    private readonly AmazonS3Client _client;

    public BucketPlace(BucketOptions options)
    {
        _options = options;
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 2,
            Timeout = options.ObjectLimit,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "auto";
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    /// <inheritdoc/>
    public bool ListsEverything => false;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (string prefix in _options.Prefix.Of(from, to))
        {
            var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = prefix, Encoding = EncodingType.Url };
            do
            {
                ListObjectsV2Response page = await AnswerAsync(token => _client.ListObjectsV2Async(request, token), _options.ListLimit, ct)
                    .ConfigureAwait(false);
                foreach (S3Object found in page.S3Objects ?? [])
                {
                    // The client leaves them as they came.
                    yield return new ObjectEntry(
                        page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(found.Key) : found.Key,
                        found.ETag?.Trim('"') ?? "",
                        found.Size ?? 0,
                        ObjectEntry.NanosecondsOf(found.LastModified ?? DateTime.UnixEpoch));
                }

                request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
            }
            while (request.ContinuationToken is not null);
        }
    }

    /// <inheritdoc/>
    public Task CopyAsync(ObjectEntry entry, Stream destination, CancellationToken ct)
    {
        var request = new GetObjectRequest
        {
            BucketName = _options.Bucket,
            Key = entry.Key,
            EtagToMatch = entry.Tag.Length > 0 ? $"\"{entry.Tag}\"" : null,
        };
        return AnswerAsync(
            async token =>
            {
                using GetObjectResponse answer = await _client.GetObjectAsync(request, token).ConfigureAwait(false);
                await CopyAsync(entry, answer.ResponseStream, destination, _options.StallLimit, token).ConfigureAwait(false);
                return true;
            },
            _options.ObjectLimit,
            ct);
    }

    public void Dispose() => _client.Dispose();

    private static async Task CopyAsync(ObjectEntry entry, Stream body, Stream destination, TimeSpan stallLimit, CancellationToken ct)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stall.CancelAfter(stallLimit);
        byte[] buffer = new byte[CopyBytes];
        long length = 0;
        int count;
        while ((count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false)) > 0 && (length += count) <= entry.Length)
        {
            await destination.WriteAsync(buffer.AsMemory(0, count), ct).ConfigureAwait(false);
            stall.CancelAfter(stallLimit);
        }

        if (length != entry.Length)
        {
            throw new PlaceException(
                PlaceFailure.Transient, $"The body ended after {length} bytes, or went on; the listing said {entry.Length}.");
        }
    }

    /// <summary>Asks, and says in one form what went wrong.</summary>
    private static async Task<T> AnswerAsync<T>(Func<CancellationToken, Task<T>> ask, TimeSpan limit, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        try
        {
            return await ask(late.Token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception problem)
        {
            throw new PlaceException(KindOf(problem), $"The service answered {(int)problem.StatusCode} {problem.ErrorCode}: {problem.Message}", problem);
        }
        catch (OperationCanceledException problem) when (!ct.IsCancellationRequested)
        {
            throw new PlaceException(PlaceFailure.Transient, $"There was no whole answer in time; at most {limit.TotalSeconds:0} seconds are waited.", problem);
        }
        catch (Exception problem) when (problem is AmazonClientException or HttpRequestException or IOException or System.Xml.XmlException)
        {
            throw new PlaceException(PlaceFailure.Transient, problem.Message, problem);
        }
    }

    private static PlaceFailure KindOf(AmazonS3Exception problem) => problem.StatusCode switch
    {
        HttpStatusCode.NotFound when problem.ErrorCode == "NoSuchBucket" => PlaceFailure.Refused,
        HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed => PlaceFailure.Gone,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => PlaceFailure.Transient,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            when problem.ErrorCode is not ("RequestTimeTooSkewed" or "RequestTimeout" or "SlowDown") => PlaceFailure.Refused,
        _ => PlaceFailure.Transient,
    };
}
