namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>An object that had none of the shapes known of it.</summary>
/// <param name="Shapes">Those shapes; null when there is no such object.</param>
/// <param name="Start">Where the object begins in the buffer.</param>
internal readonly record struct NestedMiss(NestedShapes? Shapes, int Start);
