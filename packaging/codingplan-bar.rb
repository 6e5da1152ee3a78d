# For a tap of Homebrew. The gaps are filled by recipes.py; `brew update-python-resources codingplan-bar` adds the
# packages that it needs, with their addresses and hashes.
class CodingplanBar < Formula
  include Language::Python::Virtualenv

  desc "How much of an Alibaba Cloud Coding Plan is used, in your status bar"
  homepage "@HOMEPAGE@"
  url "@SOURCE@"
  sha256 "@SHA256@"
  license "MIT"

  depends_on "python@3.13"

  def install
    virtualenv_install_with_resources
    generate_completions_from_executable(bin/"codingplan-bar", "completion")
    man1.install_symlink libexec/"share/man/man1/codingplan-bar.1"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/codingplan-bar --version")
    system bin/"codingplan-bar", "demo", "swiftbar"
  end
end
