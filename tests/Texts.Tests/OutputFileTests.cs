using System.Diagnostics;

namespace HostAgent.Texts.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("texts-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_new_file_is_for_its_owner_alone()
    {
        await OutputFile.WriteAsync(In("r"), "the report", "text", Cancellation);
        File.ReadAllText(In("r")).ShouldBe("text");
        NothingElseIsThere("r");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(In("r")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("600")]
    [InlineData("640")]
    [InlineData("444")]
    public async Task A_file_that_exists_keeps_its_mode(string mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        await File.WriteAllTextAsync(In("r"), "old", Cancellation);
        File.SetUnixFileMode(In("r"), (UnixFileMode)Convert.ToInt32(mode, 8));
        await OutputFile.WriteAsync(In("r"), "the report", "new", Cancellation);
        File.GetUnixFileMode(In("r")).ShouldBe((UnixFileMode)Convert.ToInt32(mode, 8));
        NothingElseIsThere("r");
    }

    [Fact]
    public void A_secret_is_for_its_owner_alone_even_where_a_file_for_everybody_was()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        File.WriteAllText(In("key"), "old");
        File.SetUnixFileMode(In("key"), (UnixFileMode)0b110_110_110);
        OutputFile.Write(In("key"), "the key", "new", OutputFileOptions.Secret);
        File.GetUnixFileMode(In("key")).ShouldBe((UnixFileMode)0b110_000_000);
    }

    [Theory]
    [InlineData("target")]
    [InlineData("deep/target")]
    public async Task A_link_stays_and_leads_to_the_new_content(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateDirectory(In("deep"));
        await File.WriteAllTextAsync(In(target), "old", Cancellation);
        File.CreateSymbolicLink(In("middle"), target);
        File.CreateSymbolicLink(In("link"), "middle");
        await OutputFile.WriteAsync(In("link"), "the report", "new", Cancellation);
        new FileInfo(In("link")).LinkTarget.ShouldBe("middle");
        new FileInfo(In(target)).LinkTarget.ShouldBeNull();
        File.ReadAllText(In(target)).ShouldBe("new");
    }

    [Fact]
    public async Task A_link_to_nothing_gets_its_target()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(In("link"), "later");
        await OutputFile.WriteAsync(In("link"), "the report", "new", Cancellation);
        File.ReadAllText(In("later")).ShouldBe("new");
    }

    [Fact]
    public async Task A_pipe_gets_the_content_and_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs mkfifo.");
        using (var mkfifo = Process.Start("mkfifo", [In("pipe")]))
        {
            await mkfifo.WaitForExitAsync(Cancellation);
        }

        var reading = Task.Run(() => File.ReadAllText(In("pipe")), Cancellation);
        await OutputFile.WriteAsync(In("pipe"), "the report", "new", Cancellation);
        (await reading.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation)).ShouldBe("new");
        NothingElseIsThere("pipe");
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("device")]
    public async Task A_device_is_written_to_and_stays(string device)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/null.");
        if (device == "device")
        {
            File.CreateSymbolicLink(In(device), "/dev/null");
            device = In(device);
        }

        await OutputFile.WriteAsync(device, "the report", "new", Cancellation);
        File.ReadAllText("/dev/null").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_is_one_sentence()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");
        (await Refused("/dev/full")).ShouldBe("/dev/full: the report cannot be written: the disk is full.");
    }

    [Fact]
    public async Task What_cannot_be_a_file_is_one_sentence()
    {
        Directory.CreateDirectory(In("d"));
        File.WriteAllText(In("f"), "old");
        (await Refused(In("d"))).ShouldBe($"{In("d")}: the report cannot be written: it is a directory.");
        (await Refused(In("none/r"))).ShouldBe($"{In("none/r")}: the report cannot be written: the directory '{In("none")}' does not exist.");
        (await Refused(In("f/r"))).ShouldBe($"{In("f/r")}: the report cannot be written: the directory '{In("f")}' does not exist.");
        (await Refused(string.Empty)).ShouldBe("'': the report cannot be written: the name is empty.");
        (await Refused(In(new string('x', 300)))).ShouldContain("cannot be written: ");
        NothingElseIsThere("d", "f");
    }

    [Fact]
    public async Task A_loop_of_links_is_one_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(In("a"), "b");
        File.CreateSymbolicLink(In("b"), "a");
        (await Refused(In("a"))).ShouldStartWith($"{In("a")}: the report cannot be written: ");
        NothingElseIsThere("a", "b");
    }

    [Fact]
    public async Task A_write_that_fails_half_way_leaves_everything_as_it_was()
    {
        File.WriteAllText(In("r"), "old");
        File.WriteAllText(In("r.part"), "precious");
        await Should.ThrowAsync<InvalidOperationException>(() => OutputFile.WriteAsync(In("r"), "the report", async file =>
        {
            await file.WriteAsync(new byte[100_000], Cancellation);
            throw new InvalidOperationException("The coordinator has gone.");
        }, Cancellation));
        File.ReadAllText(In("r")).ShouldBe("old");
        File.ReadAllText(In("r.part")).ShouldBe("precious");
        NothingElseIsThere("r", "r.part");
    }

    [Fact]
    public void A_log_does_not_follow_a_link_that_was_planted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.WriteAllText(In("victim"), "precious");
        File.CreateSymbolicLink(In("log"), "victim");
        using (var log = OutputFile.StartLog(In("log")))
        {
            log.WriteLine("line");
        }

        File.ReadAllText(In("victim")).ShouldBe("precious");
        File.ReadAllText(In("log")).ShouldBe("line\n");
    }

    private static async Task<string> Refused(string path)
        => (await Should.ThrowAsync<OutputFileException>(() => OutputFile.WriteAsync(path, "the report", "new", Cancellation))).Message;

    private string In(string name) => Path.Combine(_directory, name);

    private void NothingElseIsThere(params string[] names)
        => Directory.GetFileSystemEntries(_directory).Select(Path.GetFileName).ShouldBe(names, ignoreOrder: true);
}
