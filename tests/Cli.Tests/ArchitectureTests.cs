using System.Reflection;
using HostAgent.Cli.Application;

namespace HostAgent.Cli.Tests;

public sealed class ArchitectureTests
{
    private static readonly string[] Allowed = ["Audit", "Campaigns", "Contracts", "Documents", "Texts", "Transport"];

    [Fact]
    public void The_command_line_reaches_no_server_and_no_simulation()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        Follow(typeof(FailbackApplication).Assembly, reached);

        reached.Where(name => !Allowed.Contains(name["HostAgent.".Length..])).ShouldBeEmpty();
        reached.ShouldContain("HostAgent.Transport");
    }

    private static void Follow(Assembly assembly, HashSet<string> reached)
    {
        foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("HostAgent.", StringComparison.Ordinal)))
        {
            if (reached.Add(name.Name!))
            {
                Follow(Assembly.Load(name), reached);
            }
        }
    }
}
