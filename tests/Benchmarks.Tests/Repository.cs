namespace HostAgent.Benchmarks.Tests;

/// <summary>Where the sources stand.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo directory) => File.Exists(Path.Combine(directory.FullName, "HostAgent.sln"))
        ? directory.FullName
        : Find(directory.Parent ?? throw new InvalidOperationException("The tests do not run below the repository."));
}
