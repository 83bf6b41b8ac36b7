using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HostAgent.Architecture.Tests;

/// <summary>MSBuild takes any name for a property and says nothing when nobody reads it.</summary>
public sealed partial class ProjectFileTests
{
    private static readonly string PackageRoot = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { } root
        ? root + Path.DirectorySeparatorChar
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages") + Path.DirectorySeparatorChar;

    [Fact]
    public void Every_property_that_a_project_sets_is_read_by_somebody()
    {
        var files = ProjectFiles();
        var read = files.Concat(SdkFiles()).Concat(PackageFiles()).SelectMany(file => Reads().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var set = files.SelectMany(file => SetIn(file).Select(name => (Name: name, File: Path.GetRelativePath(House.Root, file)))).ToList();

        set.Count.ShouldBeGreaterThan(20);
        set.Where(property => !read.Contains(property.Name)).Select(property => $"{property.File} sets {property.Name}").ShouldBeEmpty();
    }

    [Fact]
    public void Misspelt_property_is_read_by_nobody()
    {
        var read = SdkFiles().SelectMany(file => Reads().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);

        read.ShouldContain("ServerGarbageCollection");
        read.ShouldNotContain("ServerGarbageCollectionn");
    }

    private static List<string> ProjectFiles() =>
    [
        .. ((string[])["*.csproj", "*.props", "*.targets"]).SelectMany(pattern => Directory.EnumerateFiles(House.Root, pattern, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(House.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules")),
    ];

    private static IEnumerable<string> SetIn(string file) => XDocument.Load(file).Descendants("PropertyGroup").Elements().Select(property => property.Name.LocalName);

    /// <summary>The SDK's own files, beside the runtime that these tests run on.</summary>
    private static IEnumerable<string> SdkFiles() =>
        ((string[])["*.props", "*.targets"]).SelectMany(pattern => Directory.EnumerateFiles(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../sdk")), pattern, SearchOption.AllDirectories));

    /// <summary>What packages bring into the build of a project.</summary>
    private static IEnumerable<string> PackageFiles() =>
        from file in Directory.EnumerateDirectories(Path.Combine(House.Root, "src"), "obj", SearchOption.AllDirectories).SelectMany(folder => Directory.EnumerateFiles(folder, "*.nuget.g.*"))
        let document = XDocument.Load(file)
        from import in document.Descendants().Where(element => element.Name.LocalName == "Import")
        let path = ((string)import.Attribute("Project")!).Replace("$(NuGetPackageRoot)", PackageRoot, StringComparison.Ordinal)
        where File.Exists(path)
        select path;

    [GeneratedRegex(@"\$\(\s*(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Reads();
}
