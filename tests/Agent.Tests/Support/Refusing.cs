using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Makes a journal refuse every event from outside the agent, as a full disk does, until disposed.</summary>
internal sealed class Refusing : IDisposable
{
    private readonly string _path;

    public Refusing(string directory)
    {
        _path = Path.Combine(directory, "journal.db");
        Execute("CREATE TRIGGER refused BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
    }

    public void Dispose() => Execute("DROP TRIGGER refused");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
