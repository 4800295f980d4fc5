-- The database, and the record of which of these files it has.
-- The program fills in what stands between dollar-braces: `cflogstream schema print` shows the result.

CREATE DATABASE IF NOT EXISTS ${database}${on_cluster};

CREATE TABLE IF NOT EXISTS ${database}.schema_migrations${on_cluster}
(
    number UInt32,
    name String,
    checksum String,
    program String,
    applied DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ${replacing}
ORDER BY number;
