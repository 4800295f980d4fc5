namespace CfLogStream.Server.OpenApi;

/// <summary>An operation of an API description.</summary>
/// <param name="Method">The request method in capitals.</param>
/// <param name="Template"><c>host/path</c>, <c>*.host/path</c> or, for every host, <c>/path</c>.</param>
public sealed record ApiOperation(string Method, string Template);
