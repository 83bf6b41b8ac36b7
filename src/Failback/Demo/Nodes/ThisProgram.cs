using System.Diagnostics;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>This program as something that can be started again.</summary>
internal static class ThisProgram
{
    private const string Name = "failback";

    /// <summary>
    /// How to run this program with other arguments. A published executable and "dotnet run" are their own program; under
    /// "dotnet failback.dll", and under a test host, the assembly is run by the dotnet host.
    /// </summary>
    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        var command = Command();
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (var argument in command.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>The words that run this program on a command line.</summary>
    public static IReadOnlyList<string> Command()
    {
        var self = Environment.ProcessPath;
        if (self is not null && Path.GetFileNameWithoutExtension(self).Equals(Name, StringComparison.OrdinalIgnoreCase))
        {
            return [self];
        }

        var host = self is not null && Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? self
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return [host, Path.Combine(AppContext.BaseDirectory, $"{Name}.dll")];
    }
}
