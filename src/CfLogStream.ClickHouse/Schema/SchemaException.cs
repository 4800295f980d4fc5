namespace CfLogStream.ClickHouse.Schema;

/// <summary>The schema in the database is not one that this program may work on.</summary>
public sealed class SchemaException : Exception
{
    public SchemaException()
    {
    }

    public SchemaException(string message)
        : base(message)
    {
    }

    public SchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
