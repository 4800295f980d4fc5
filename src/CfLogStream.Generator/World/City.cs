namespace CfLogStream.Generator.World;

/// <summary>A place where callers of a network are: written to the geography fields.</summary>
internal sealed record City(byte[] Name, byte[] Region, byte[] Latitude, byte[] Longitude, Colo Colo);
