namespace CfLogStream.Generator.World;

/// <summary>A Cloudflare data centre.</summary>
internal sealed record Colo(byte[] Code, int Id);
