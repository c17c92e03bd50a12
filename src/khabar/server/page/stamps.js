// Small pictures, each many times → one canvas. Ten thousand of them by drawImage take more than twice as long.

export class Stamps {
  made = new WeakMap();

  // An empty sheet.
  clear(c) {
    const { width, height } = c.canvas;
    this.context = c;
    if (this.sheet?.width !== width || this.sheet?.height !== height) {
      this.sheet = c.createImageData(Math.max(1, width), Math.max(1, height));
      this.pixels = new Uint32Array(this.sheet.data.buffer);
    }
    this.pixels.fill(0);
  }

  // One picture with its middle there. The sheet holds colours times their opacity, two channels to a number, so that two are mixed at once.
  put(image, x, y, opacity) {
    const stamp = this.stamp(image), { width, height } = this.sheet, sheet = this.pixels, share = Math.round(opacity * 256);
    const left = Math.round(x - image.width / 2), top = Math.round(y - image.height / 2);
    const isWhole = left >= 0 && top >= 0 && left + image.width <= width && top + image.height <= height;
    for (let i = 0; i < stamp.length; i += 4) {
      const column = left + stamp[i], row = top + stamp[i + 1];
      if (!isWhole && (column < 0 || row < 0 || column >= width || row >= height)) continue;
      const redBlue = (Math.imul(stamp[i + 2], share) >>> 8) & 0xff00ff, greenOpacity = (Math.imul(stamp[i + 3], share) >>> 8) & 0xff00ff;
      const at = row * width + column, under = sheet[at], rest = 256 - (greenOpacity >>> 16);
      if (under === 0 || rest === 1) sheet[at] = redBlue | (greenOpacity << 8);
      else sheet[at] = (redBlue + ((Math.imul(under & 0xff00ff, rest) >>> 8) & 0xff00ff)) | ((greenOpacity + ((Math.imul((under >>> 8) & 0xff00ff, rest) >>> 8) & 0xff00ff)) << 8);
    }
  }

  // The sheet onto its canvas, in place of what is there.
  print() {
    const sheet = this.pixels;
    for (let at = 0; at < sheet.length; at++) {
      const mixed = sheet[at], opacity = mixed >>> 24;
      if (opacity === 0 || opacity === 255) continue;
      const colour = (shift) => Math.min(255, Math.round((((mixed >>> shift) & 255) * 255) / opacity)) << shift;
      sheet[at] = (opacity << 24) | colour(16) | colour(8) | colour(0);
    }
    this.context.putImageData(this.sheet, 0, 0);
  }

  // The pixels of a picture that are not empty: column, row, red and blue, green and opacity.
  stamp(image) {
    if (!this.made.has(image)) {
      const { width, height } = image, { data } = image.getContext("2d").getImageData(0, 0, width, height), found = [];
      for (let at = 0; at < data.length; at += 4) {
        const opacity = data[at + 3], share = opacity / 255;
        if (opacity) found.push((at / 4) % width, Math.floor(at / 4 / width), Math.round(data[at] * share) | (Math.round(data[at + 2] * share) << 16), Math.round(data[at + 1] * share) | (opacity << 16));
      }
      this.made.set(image, Int32Array.from(found));
    }
    return this.made.get(image);
  }
}
