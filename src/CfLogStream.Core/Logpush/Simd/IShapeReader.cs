using CfLogStream.Core.Logpush.Shapes;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>Reads lines by their shape, at some vector width.</summary>
internal interface IShapeReader
{
    /// <summary>Goes once over the line at <paramref name="start"/>; returns where its 0x0A is.</summary>
    int Index(byte[] bytes, int start);

    /// <summary>Reads the line indexed last; false when it does not have the shape or is not well-formed.</summary>
    /// <param name="miss">An object inside it that had none of its known shapes, to be learnt.</param>
    bool TryRead(byte[] bytes, int start, RecordShape shape, LogRecord record, out NestedMiss miss);
}
