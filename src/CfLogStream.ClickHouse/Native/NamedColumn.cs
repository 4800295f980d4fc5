namespace CfLogStream.ClickHouse.Native;

/// <summary>A column and its name in the table.</summary>
internal readonly record struct NamedColumn(string Name, NativeColumn Column);
