using System.Net;
using System.Security.Authentication;
using CfLogStream.ClickHouse.Writing;

namespace CfLogStream.ClickHouse.Tests.Writing;

public sealed class InsertFailureTests
{
    [Theory]
    [InlineData(159)]
    [InlineData(202)]
    [InlineData(209)]
    [InlineData(210)]
    [InlineData(241)]
    [InlineData(242)]
    [InlineData(252)]
    [InlineData(999)]
    [InlineData(319)]
    [InlineData(236)]
    public void Classify_TransientCode_IsTransientWhateverTheStatus(int code)
    {
        foreach (HttpStatusCode status in Enum.GetValues<HttpStatusCode>())
        {
            Assert.Equal(FailureKind.Transient, InsertFailure.Classify(status, code));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(27)]
    [InlineData(33)]
    [InlineData(117)]
    [InlineData(131)]
    [InlineData(190)]
    [InlineData(469)]
    public void Classify_BadDataCode_IsBadData(int code) =>
        Assert.Equal(FailureKind.BadData, InsertFailure.Classify(HttpStatusCode.BadRequest, code));

    [Theory]
    [InlineData(10)] // NOT_FOUND_COLUMN_IN_BLOCK
    [InlineData(16)] // NO_SUCH_COLUMN_IN_TABLE
    [InlineData(20)] // NUMBER_OF_COLUMNS_DOESNT_MATCH
    [InlineData(53)] // TYPE_MISMATCH
    [InlineData(60)] // UNKNOWN_TABLE
    [InlineData(62)] // SYNTAX_ERROR
    [InlineData(81)] // UNKNOWN_DATABASE
    [InlineData(115)] // UNKNOWN_SETTING
    [InlineData(164)] // READONLY
    [InlineData(192)] // UNKNOWN_USER
    [InlineData(193)] // WRONG_PASSWORD
    [InlineData(201)] // QUOTA_EXCEEDED
    [InlineData(243)] // NOT_ENOUGH_SPACE
    [InlineData(497)] // ACCESS_DENIED
    [InlineData(516)] // AUTHENTICATION_FAILED
    [InlineData(0)]
    [InlineData(99999)]
    public void Classify_AnyOtherCode_WaitsAndAlerts(int code) =>
        Assert.Equal(FailureKind.WaitAndAlert, InsertFailure.Classify(HttpStatusCode.InternalServerError, code));

    [Theory]
    [InlineData(400, FailureKind.WaitAndAlert)]
    [InlineData(401, FailureKind.WaitAndAlert)]
    [InlineData(403, FailureKind.WaitAndAlert)]
    [InlineData(404, FailureKind.WaitAndAlert)]
    [InlineData(301, FailureKind.WaitAndAlert)]
    [InlineData(408, FailureKind.Transient)]
    [InlineData(425, FailureKind.Transient)]
    [InlineData(429, FailureKind.Transient)]
    [InlineData(500, FailureKind.Transient)]
    [InlineData(502, FailureKind.Transient)]
    [InlineData(503, FailureKind.Transient)]
    [InlineData(504, FailureKind.Transient)]
    public void Classify_NoCode_GoesByStatus(int status, FailureKind expected) =>
        Assert.Equal(expected, InsertFailure.Classify((HttpStatusCode)status, null));

    [Fact]
    public void Classify_Exceptions_GoByWhatTheyMean()
    {
        Assert.Equal(FailureKind.Transient, InsertFailure.Classify(new HttpRequestException("refused")));
        Assert.Equal(FailureKind.Transient, InsertFailure.Classify(new IOException("reset")));
        Assert.Equal(FailureKind.Transient, InsertFailure.Classify(new TaskCanceledException("timeout")));
        Assert.Equal(FailureKind.Transient, InsertFailure.Classify(new TimeoutException()));
        Assert.Equal(
            FailureKind.WaitAndAlert,
            InsertFailure.Classify(new HttpRequestException(HttpRequestError.SecureConnectionError, "tls", new AuthenticationException())));
        Assert.Equal(FailureKind.BadData, InsertFailure.Classify(new ServerAnswerException(HttpStatusCode.OK, 117, "Code: 117.")));
        Assert.Equal(FailureKind.WaitAndAlert, InsertFailure.Classify(new InvalidDataException()));
    }
}
