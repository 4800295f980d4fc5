using CfLogStream.Server.Storage;
using CfLogStream.Server.Tests.Sources;

namespace CfLogStream.Server.Tests.Backup;

public sealed class DataFolderMarkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Note_ThenRead_SaysLayoutSchemaAndProgram()
    {
        Assert.Equal(new DataFolderMarker(), DataFolderMarker.Read(_folder.Path));

        DataFolderMarker.Note(_folder.Path);

        Assert.Equal(
            new DataFolderMarker { Format = 1, Schema = DataFolderMarker.NewestSchema, Program = DataFolderMarker.ThisProgram },
            DataFolderMarker.Read(_folder.Path));
        Assert.Equal([DataFolderMarker.FileName], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        DataFolderMarker.Check(_folder.Path);
    }

    [Theory]
    [InlineData("""{"format":2,"schema":1,"program":"cflogstream 9.9"}""", "layout 2, newer than 1")]
    [InlineData("""{"format":1,"schema":9999,"program":"cflogstream 9.9","more":[1]}""", "schema 9999, newer than ")]
    public void Check_OfANewerProgram_IsRefused(string marker, string what)
    {
        _folder.Write(DataFolderMarker.FileName, marker);

        InvalidOperationException problem = Assert.Throws<InvalidOperationException>(() => DataFolderMarker.Check(_folder.Path));

        Assert.StartsWith($"The data folder '{_folder.Path}' has {what}", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "the newest this program knows. It was last used by 'cflogstream 9.9'. Use that program or a newer one, or restore a backup from before "
            + "the upgrade into another folder.",
            problem.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"format":"1"}""")]
    [InlineData("""{"format":99999999999,"program":""}""")]
    public void Check_AFileThatCannotBeRead_SaysNothing(string marker)
    {
        _folder.Write(DataFolderMarker.FileName, marker);
        DataFolderMarker.Check(_folder.Path);
        DataFolderMarker.Note(_folder.Path);
        Assert.Equal(DataFolderMarker.NewestSchema, DataFolderMarker.Read(_folder.Path).Schema);
    }
}
