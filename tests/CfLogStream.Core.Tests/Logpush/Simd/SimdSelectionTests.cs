using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

public sealed class SimdSelectionTests
{
    private static readonly (string Name, SimdWidth Width, bool HasHardware)[] s_widths =
    [
        ("scalar", SimdWidth.Scalar, true), ("128", SimdWidth.Vector128, Vector128.IsHardwareAccelerated),
        ("256", SimdWidth.Vector256, Vector256.IsHardwareAccelerated), ("512", SimdWidth.Vector512, Vector512.IsHardwareAccelerated),
    ];

    [Fact]
    public void Available_OnThisMachine_IsWhatTheHardwareHas() =>
        Assert.Equal(s_widths.Where(one => one.HasHardware).Select(one => one.Width), SimdSelection.Available);

    [Fact]
    public void TryChoose_EveryName_IsItsWidthWhereTheMachineHasIt()
    {
        foreach ((string name, SimdWidth width, bool hasHardware) in s_widths)
        {
            Assert.Equal(hasHardware, SimdSelection.TryChoose(name, out SimdWidth chosen, out string? problem));
            Assert.Equal(width, chosen);
            Assert.Equal(name, SimdSelection.Name(width));
            string available = string.Join(", ", SimdSelection.Available.Select(SimdSelection.Name));
            Assert.Equal(hasHardware ? null : $"CFLOGSTREAM_SIMD is '{name}', but this machine runs only {available}.", problem);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void TryChoose_Nothing_IsTheWidest(string? forced)
    {
        Assert.True(SimdSelection.TryChoose(forced, out SimdWidth width, out string? problem));
        Assert.Equal((SimdSelection.Available[^1], null), (width, problem));
    }

    [Theory]
    [InlineData("1024")]
    [InlineData("Scalar")]
    [InlineData("avx2")]
    [InlineData(" 256")]
    public void TryChoose_UnknownName_IsAProblem(string forced)
    {
        Assert.False(SimdSelection.TryChoose(forced, out SimdWidth width, out string? problem));
        Assert.Equal(SimdWidth.Scalar, width);
        Assert.Equal($"CFLOGSTREAM_SIMD is '{forced}'; it must be scalar, 128, 256 or 512.", problem);
    }

    [Fact]
    public void Selected_WhateverIsForced_IsAvailable() => Assert.Contains(SimdSelection.Selected, SimdSelection.Available);

    [Fact]
    public void RecordReader_AnyWidth_IsMade()
    {
        foreach (SimdWidth width in SimdSelection.Available)
        {
            var reader = new RecordReader(new ReaderOptions(), width);
            byte[] line = """{"EdgeStartTimestamp":1667512927,"RayID":"a1"}"""u8.ToArray();
            LogRecord record = reader.CreateRecord();
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(ReadStatus.Record, reader.Read(line, 0, line.Length, record, out _));
            }
        }
    }
}
