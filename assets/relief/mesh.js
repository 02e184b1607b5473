// A mesh is the surface as cells, each with a color and the pieces of lines that lie in it, drawn from the back to the front.
class Mesh {
  constructor(scene, theme) {
    const n = Math.sqrt(scene.heights.length);
    Object.assign(this, { n, scene });
    this.at = (i) => (2 * i) / (n - 1) - 1;
    this.cells = Array.from({ length: (n - 1) ** 2 }, (_, k) => this.cell(k % (n - 1), Math.floor(k / (n - 1)), theme));
    this.addLines(scene.contours, null);
    scene.tracks.forEach((track) => {
      const points = scene.ways.subarray(3 * track.first, 3 * (track.first + track.count));
      this.addLines(points, track);
    });
  }

  cell(i, j, theme) {
    const { n } = this;
    const z = (a, b) => this.scene.heights[(j + b) * n + i + a];
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => [this.at(i + a), this.at(j + b), z(a, b)]);
    const [x, y, middle] = [this.at(i + 0.5), this.at(j + 0.5), corners.reduce((sum, corner) => sum + corner[2], 0) / 4];
    const [slopeX, slopeY] = [(z(1, 0) - z(0, 0)) * n, (z(0, 1) - z(0, 0)) * n];
    const light = (0.5 * slopeX - 0.6 * slopeY + 2) / Math.hypot(slopeX, slopeY, 1.2) / 2.2;
    const ground = blend(theme.low, theme.deep, 0.16 + 0.6 * middle);
    const color = light < 0.62 ? blend(ground, theme.shadow, 0.5 * (0.62 - light)) : blend(ground, theme.glow, 0.5 * (light - 0.62));
    return { x, y, corners, color: paint(color), pieces: [] };
  }

  // Cut a line of points (k, 3), NaN where the pen is up, into the pieces between them, each in the cell it lies over.
  addLines(points, pen) {
    const place = (v) => Math.max(0, Math.min(this.n - 2, Math.floor(((v + 1) / 2) * (this.n - 1))));
    for (let k = 0; 3 * (k + 1) < points.length; k++) {
      const [a, b] = [points.subarray(3 * k, 3 * k + 3), points.subarray(3 * k + 3, 3 * k + 6)];
      if (Number.isNaN(a[0] + b[0])) continue;
      this.cells[place((a[1] + b[1]) / 2) * (this.n - 1) + place((a[0] + b[0]) / 2)].pieces.push({ a, b, pen });
    }
  }

  draw(ctx, camera, theme) {
    const order = this.cells.map((cell) => [camera.depth(cell.x, cell.y), cell]).sort((a, b) => b[0] - a[0]);
    ctx.lineJoin = ctx.lineCap = "round";
    for (const [, { corners, color, pieces }] of order) {
      ctx.setLineDash([]);
      ctx.beginPath();
      corners.forEach((corner, i) => ctx[i ? "lineTo" : "moveTo"](...camera.project(corner)));
      ctx.closePath();
      Object.assign(ctx, { fillStyle: color, strokeStyle: color, lineWidth: 0.8 });
      ctx.fill();
      ctx.stroke();
      for (const { a, b, pen } of pieces) {
        Object.assign(ctx, { strokeStyle: pen ? pen.ink : theme.contour, lineWidth: pen ? 3 : 1 });
        stroke(ctx, camera, a, b);
      }
    }
    this.ghosts(ctx, camera);
  }

  // How high the surface is over a place of the floor, between its samples; nothing beyond its edges.
  height(x, y) {
    const { n, scene } = this;
    const [u, v] = [((x + 1) / 2) * (n - 1), ((y + 1) / 2) * (n - 1)];
    if (!(u >= 0 && v >= 0 && u <= n - 1 && v <= n - 1)) return NaN;
    const [i, j] = [Math.min(n - 2, Math.floor(u)), Math.min(n - 2, Math.floor(v))];
    const along = (row) => scene.heights[row * n + i] * (i + 1 - u) + scene.heights[row * n + i + 1] * (u - i);
    return along(j) * (j + 1 - v) + along(j + 1) * (v - j);
  }

  // Whether the surface stands between a place on it and the eye: go towards the eye, half a cell at a time.
  hides(camera, [x, y, z]) {
    for (let step = 1; step < 3 * this.n; step++) {
      const ahead = camera.toward([x, y, z], step / (this.n - 1));
      if (this.height(ahead[0], ahead[1]) > ahead[2] + 0.01) return true;
    }
    return false;
  }

  // What a nearer slope hides of the paths shines through, each path in one stroke: pieces that overlap must not add up.
  ghosts(ctx, camera) {
    Object.assign(ctx, { globalAlpha: 0.3, lineWidth: 2 });
    for (const track of this.scene.tracks) {
      ctx.strokeStyle = track.ink;
      ctx.beginPath();
      for (const { pieces } of this.cells) {
        for (const { a, b, pen } of pieces) {
          if (pen !== track) continue;
          ctx.moveTo(...camera.project(a));
          ctx.lineTo(...camera.project(b));
        }
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
}

function stroke(ctx, camera, a, b) {
  ctx.beginPath();
  ctx.moveTo(...camera.project(a));
  ctx.lineTo(...camera.project(b));
  ctx.stroke();
}
