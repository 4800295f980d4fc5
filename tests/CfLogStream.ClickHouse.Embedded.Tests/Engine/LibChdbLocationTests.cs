using CfLogStream.ClickHouse.Embedded.Engine;

namespace CfLogStream.ClickHouse.Embedded.Tests.Engine;

public sealed class LibChdbLocationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cflogstream-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_Variable_ComesFirst()
    {
        File.WriteAllText(Path.Combine(_folder, "libchdb.so"), "");
        string other = Path.Combine(_folder, "other.so");
        File.WriteAllText(other, "");
        Assert.Equal(other, LibChdbLocation.Find(other, _folder));
    }

    [Fact]
    public void Find_VariableNamesNothing_Says()
    {
        DllNotFoundException exception = Assert.Throws<DllNotFoundException>(() => LibChdbLocation.Find("/no/such", _folder));
        Assert.Equal(
            "Cannot find the ClickHouse engine: the environment variable CFLOGSTREAM_LIBCHDB names '/no/such', "
            + "which does not exist. Set it "
            + "to the path of 'libchdb.so', or unset it.",
            exception.Message);
    }

    [Fact]
    public void Find_BesideTheProgram_ComesBeforeThePathFile()
    {
        string built = Path.Combine(_folder, "built.so");
        File.WriteAllText(built, "");
        File.WriteAllText(Path.Combine(_folder, "libchdb.path"), built + "\n");
        Assert.Equal(built, LibChdbLocation.Find(null, _folder));
        string beside = Path.Combine(_folder, "libchdb.so");
        File.WriteAllText(beside, "");
        Assert.Equal(beside, LibChdbLocation.Find("", _folder));
    }

    [Fact]
    public void Find_Nowhere_SaysWhereItLookedAndWhatToDo()
    {
        File.WriteAllText(Path.Combine(_folder, "libchdb.path"), "/gone/libchdb.so\n");
        DllNotFoundException exception = Assert.Throws<DllNotFoundException>(() => LibChdbLocation.Find(null, _folder));
        Assert.Equal(
            $"Cannot find the ClickHouse engine: '{_folder}/libchdb.so' does not exist, and neither does "
            + $"'/gone/libchdb.so', where the build "
            + "put it. Build again (the build fetches it with npm), or set the environment variable "
            + "CFLOGSTREAM_LIBCHDB to the path of 'libchdb.so'.",
            exception.Message);
    }
}
