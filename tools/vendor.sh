#!/bin/sh
# Fetches the vendored files from the npm registry; the versions are the table in static/vendor/README.md.
# --update writes new checksums instead of verifying against the recorded ones.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Leaves the unpacked package in $work/<directory>.
fetch() { # npm name, directory
    version=$(sed -n "s#^| $1 | \([0-9.]*\) |.*#\1#p" static/vendor/README.md)
    [ -n "$version" ] || { echo "No version of $1 in static/vendor/README.md" >&2; exit 1; }
    mkdir "$work/$2"
    archive=$(npm pack --silent --pack-destination "$work" "$1@$version")
    tar -xzf "$work/$archive" -C "$work/$2" --strip-components=1
    echo "$1 $version"
}

mkdir -p static/vendor static/fonts tests/vendor

fetch bootstrap bootstrap
sed '/sourceMappingURL/d' "$work/bootstrap/dist/css/bootstrap.min.css" > static/vendor/bootstrap.min.css
cp "$work/bootstrap/LICENSE" static/vendor/bootstrap.LICENSE.txt

fetch htmx.org htmx
cp "$work/htmx/dist/htmx.min.js" static/vendor/htmx.min.js
cp "$work/htmx/LICENSE" static/vendor/htmx.LICENSE.txt

for family in sans serif; do
    fetch "@fontsource/pt-$family" "pt-$family"
    cp "$work/pt-$family/LICENSE" "static/fonts/OFL-pt-$family.txt"
    for range in cyrillic cyrillic-ext latin; do
        for weight in 400 700; do
            cp "$work/pt-$family/files/pt-$family-$range-$weight-normal.woff2" \
                "static/fonts/pt-$family-$range-$weight.woff2"
        done
    done
done

fetch axe-core axe
cp "$work/axe/axe.min.js" tests/vendor/axe.min.js
cp "$work/axe/LICENSE" tests/vendor/axe.LICENSE.txt

vendored="static/vendor/bootstrap.min.css static/vendor/htmx.min.js static/fonts/*.woff2 tests/vendor/axe.min.js"
if [ "${1:-}" = --update ]; then
    sha256sum $vendored > static/vendor/SHA256SUMS
else
    sha256sum --check --quiet static/vendor/SHA256SUMS && echo "Checksums match."
fi
