using System.Diagnostics;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>How to start this program again.</summary>
internal static class ThisProgram
{
    private const string Name = "failback";

    /// <summary>
    /// Starts this program with other arguments. A published executable and "dotnet run" have their own executable; under
    /// "dotnet failback.dll" and a test host, the dotnet host runs the assembly.
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

    /// <summary>The command line that runs this program.</summary>
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
