using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace HostAgent.Deploy.Tests.Windows;

/// <summary>The folder of a published agent, as far as the scripts look into it: an assembly with a version, and a program that can be asked whether it serves.</summary>
internal static class PublishedAgent
{
    /// <summary>Writes the folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="version">The version that the assembly tells, which the build adds its commit to.</param>
    /// <param name="serves">Whether the agent ever answers its health check.</param>
    /// <param name="checksUntilServing">The how-manieth check is the first that it passes.</param>
    /// <param name="inspection">What it says when it is asked whether it could do its work, and the exit code. With what it was asked stands beside the folder.</param>
    public static string Write(string folder, string version, bool serves, int checksUntilServing, (int ExitCode, string Lines) inspection)
    {
        Directory.CreateDirectory(folder);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("HostAgent.Agent"), typeof(object).Assembly,
        [
            new CustomAttributeBuilder(typeof(AssemblyInformationalVersionAttribute).GetConstructor([typeof(string)])!, [version + "+0123abcd"]),
        ]);
        assembly.DefineDynamicModule("HostAgent.Agent");
        assembly.Save(Path.Combine(folder, "HostAgent.Agent.dll"));
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), "{}");
        var program = Path.Combine(folder, "HostAgent.Agent.exe");
        File.WriteAllText(program, string.Create(CultureInfo.InvariantCulture, $"""
            #!/bin/sh
            if [ "$1" = inspect ]; then
              echo "$@" >> "{folder}.inspections"
              echo "{inspection.Lines}"
              exit {inspection.ExitCode}
            fi
            [ "$1 $2" = "check --settings" ] && [ -f "$3" ] || exit 64
            asked="$0.asked"
            echo >> "$asked"
            if [ {(serves ? 1 : 0)} = 1 ] && [ "$(wc -l < "$asked")" -ge {checksUntilServing} ]; then
              echo "Agent hv at https://127.0.0.1:7443 serves."
            else
              echo "Agent hv at https://127.0.0.1:7443 does not answer: version {version} is deaf." >&2
              exit 1
            fi

            """));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
