using HostAgent.Cli;
using HostAgent.Failback.Demo.Nodes;

namespace HostAgent.Failback.Tests.Demo;

public sealed class DemoDatabaseTests
{
    [Fact]
    public async Task Machine_without_PostgreSQL_is_told_so_in_one_line_and_what_to_do()
    {
        var directory = new DemoDirectory();
        try
        {
            var refusal = await Should.ThrowAsync<CommandException>(() => DemoDatabase.StartAsync(directory, binaries: null, TestContext.Current.CancellationToken));

            refusal.ExitCode.ShouldBe(ExitCode.Failed);
            refusal.Lines.ShouldHaveSingleItem().ShouldBe(
                "Several coordinators share a PostgreSQL, and none was found: install PostgreSQL 15 or newer on this machine, or name a database by Coordinator__Store__Host, Coordinator__Store__Database and so on.");
        }
        finally
        {
            directory.Remove();
        }
    }

    [Fact]
    public async Task Database_of_the_demo_is_for_whoever_knows_its_password_and_leaves_nothing_behind()
    {
        Assert.SkipWhen(DemoDatabase.Find() is null, "PostgreSQL 15 or newer is not installed: .ci/install-peers installs it.");
        var directory = new DemoDirectory();
        try
        {
            var before = Databases();
            await using (var database = await DemoDatabase.StartAsync(directory, DemoDatabase.Find(), TestContext.Current.CancellationToken))
            {
                var arguments = database.Arguments.ToList();
                var password = await File.ReadAllTextAsync(arguments[arguments.IndexOf("--Coordinator:Store:PasswordFile") + 1], TestContext.Current.CancellationToken);
                password.Length.ShouldBe(32);
                arguments.ShouldNotContain(password);
                Databases().Except(before).ShouldHaveSingleItem();
            }

            Databases().ShouldBe(before);
        }
        finally
        {
            directory.Remove();
        }
    }

    private static string[] Databases() => [.. Directory.GetDirectories(Path.GetTempPath(), "failback-demo-database-*").Order(StringComparer.Ordinal)];
}
