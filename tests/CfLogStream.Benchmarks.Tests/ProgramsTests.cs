namespace CfLogStream.Benchmarks.Tests;

public sealed class ProgramsTests
{
    [Fact]
    public void Product_Named_IsThatOne() => Assert.Equal("/some/cflogstream", Programs.Product("/some/cflogstream"));

    /// <summary>The copy beside the benchmarks is compiled at run time, which is not what is shipped.</summary>
    [Fact]
    public void Product_NotNamed_IsTheOneThatIsPrecompiled()
    {
        string program = Programs.Product(null);

        Assert.Equal("CfLogStream.Cli", Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(program))));
        Assert.True(File.Exists(program), program);
    }

    [Fact]
    public void This_Arguments_RunThisProgram()
    {
        (string program, string[] arguments) = Programs.This("a", "b");

        Assert.True(File.Exists(program), program);
        Assert.Equal(["a", "b"], arguments[^2..]);
    }
}
