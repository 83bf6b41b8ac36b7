namespace HostAgent.Deploy.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the scripts for Windows.</summary>
    public static string Deployment { get; } = Path.Combine(FindRoot(), "deploy", "windows");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HostAgent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No HostAgent.sln above {AppContext.BaseDirectory}.");
    }
}
