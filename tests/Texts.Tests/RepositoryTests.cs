namespace HostAgent.Texts.Tests;

/// <summary>What no file of the repository may contain.</summary>
public class RepositoryTests
{
    private static readonly string[] Markers = [new string('<', 7) + " ", new string('=', 7), new string('>', 7) + " ", new string('|', 7) + " "];
    private static readonly string[] NotOurs = ["bin", "obj", ".git", "node_modules", "TestResults", "artifacts"];

    [Fact]
    public void No_file_has_been_committed_in_the_middle_of_a_merge()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "HostAgent.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("There is no HostAgent.sln above the tests.");
        }

        var (read, halfMerged) = (0, new List<string>());
        foreach (var file in Files(root))
        {
            read++;
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (Array.Exists(Markers, marker => marker.Length == 7 ? line == marker : line.StartsWith(marker, StringComparison.Ordinal)))
                {
                    halfMerged.Add($"{Path.GetRelativePath(root.FullName, file)}:{number}: {line}");
                }
            }
        }

        read.ShouldBeGreaterThan(1000, "the files of the repository");
        halfMerged.ShouldBeEmpty();
    }

    private static IEnumerable<string> Files(DirectoryInfo directory)
        => directory.EnumerateFiles().Where(file => file.Length < 2_000_000 && file.Extension is not (".png" or ".ico" or ".zip" or ".db")).Select(file => file.FullName)
            .Concat(directory.EnumerateDirectories().Where(folder => folder.LinkTarget is null && !NotOurs.Contains(folder.Name, StringComparer.Ordinal)).SelectMany(Files));
}
