using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class SecretTests
{
    [Fact]
    public void ToString_OfASecret_IsMasked()
    {
        Assert.Equal("***", new Secret("hunter2").ToString());
        Assert.Equal("***", $"{new Secret("hunter2")}");
        Assert.Equal("", Secret.None.ToString());
    }

    [Fact]
    public void Equals_ComparesWhatIsHidden()
    {
        Assert.Equal(new Secret("a"), new Secret("a"));
        Assert.NotEqual(new Secret("a"), new Secret("b"));
        Assert.True(Secret.None.IsEmpty);
        Assert.False(new Secret("a").IsEmpty);
    }
}
