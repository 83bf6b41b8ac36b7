using Dapper;
using HostAgent.Hosting.Sqlite;

namespace HostAgent.Hosting.Tests.Bugs;

/// <summary>In a data directory that was there before, with the mode that mkdir gives, every account could read the databases: only a directory made by the servers kept them out.</summary>
public sealed class ReadableDatabaseTests
{
    [Fact]
    public void Database_and_its_log_are_for_one_account_whatever_the_directory_lets_in()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix modes.");
            return;
        }

        var directory = Directory.CreateTempSubdirectory("readable-");
        try
        {
            File.SetUnixFileMode(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            using (var connection = SqliteDatabase.OpenToWrite(Path.Combine(directory.FullName, "a.db")))
            {
                connection.Execute("CREATE TABLE items (number INTEGER PRIMARY KEY)");

                directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal).ShouldBe(["a.db", "a.db-shm", "a.db-wal"]);
                directory.GetFiles().ShouldAllBe(file => file.UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
