namespace HostAgent.HyperV.Wine.Running;

/// <summary>The programs that a run needs, from Debian's packages.</summary>
internal static class WineTools
{
    /// <summary>Runs Windows programs.</summary>
    public const string Wine = "/usr/bin/wine";

    /// <summary>What runs beneath all programs of one prefix.</summary>
    public const string Server = "/usr/bin/wineserver";

    /// <summary>Compiles for Windows.</summary>
    public const string Compiler = "/usr/bin/x86_64-w64-mingw32-gcc";

    /// <summary>What is missing and where it is from, or null when nothing is.</summary>
    public static string? Missing
    {
        get
        {
            string?[] packages = [File.Exists(Wine) ? null : "wine and wine64", File.Exists(Compiler) ? null : "gcc-mingw-w64-x86-64"];
            var missing = string.Join(" and ", packages.OfType<string>());
            return missing.Length == 0 ? null : $"Missing here: Debian's {missing}, from which the build and this run take Wine and its compiler.";
        }
    }
}
